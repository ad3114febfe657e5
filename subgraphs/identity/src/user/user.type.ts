import { Role } from '@suvidha/auth';
import { DateTime, EmailAddress, PhoneNumber, RowAccess } from '@suvidha/subgraph';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';

registerEnumType(Role, {
  name: 'Role',
  description: 'What a person is to us.',
  valuesConfig: {
    USER: { description: 'A customer.' },
    OPERATOR: { description: 'Staff who serve customers.' },
    ADMIN: { description: 'Staff who manage accounts and roles.' },
  },
});

@ObjectType('User', { description: 'A person with an account.' })
@Directive('@key(fields: "id")')
@RowAccess()
export class UserType {
  @Field(() => ID, { description: 'Identifies the account.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The name the person chose. Null: none chosen.' })
  username!: string | null;

  @Field(() => PhoneNumber, { nullable: true, description: 'The phone number. Null: none given.' })
  phoneNumber!: string | null;

  @Field(() => EmailAddress, { nullable: true, description: 'The e-mail address. Null: none given.' })
  email!: string | null;

  @Field(() => [Role], { description: 'What the person is to us.' })
  roles!: Role[];

  @Field(() => DateTime, { description: 'When the account was opened.' })
  createdAt!: Date;
}
