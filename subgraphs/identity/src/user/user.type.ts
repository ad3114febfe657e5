import { Role } from '@suvidha/auth';
import {
  createConnectionType,
  DateTime,
  EmailAddress,
  PhoneNumber,
  RowAccess,
  UserErrorType,
} from '@suvidha/subgraph';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { AccountStatus } from '../generated/prisma/enums.ts';

registerEnumType(Role, {
  name: 'Role',
  description: 'What a person is to us.',
  valuesConfig: {
    USER: { description: 'A customer.' },
    OPERATOR: { description: 'Staff who serve customers.' },
    ADMIN: { description: 'Staff who manage accounts and roles.' },
  },
});

registerEnumType(AccountStatus, {
  name: 'AccountStatus',
  description: 'Whether a person may get in.',
  valuesConfig: {
    ACTIVE: { description: 'They may.' },
    SUSPENDED: { description: 'Staff shut them out.' },
    LEAVING: { description: 'They left, and are being erased.' },
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

  @Field(() => AccountStatus, { description: 'Whether the person may get in.' })
  status!: AccountStatus;

  @Field(() => DateTime, { description: 'When the account was opened.' })
  createdAt!: Date;
}

export const UserConnection = createConnectionType(UserType, 'User');

@ObjectType()
class UserPayload {
  @Field(() => UserType, { nullable: true, description: 'The account as it is now. Null: see userErrors.' })
  user!: UserType | null;

  @Field(() => [UserErrorType], { description: 'Why nothing was changed. Empty: it was.' })
  userErrors!: UserErrorType[];
}

@ObjectType({ description: 'The outcome of changing your profile.' })
export class UpdateProfilePayload extends UserPayload {}

@ObjectType({ description: 'The outcome of giving somebody a role.' })
export class SetUserRolePayload extends UserPayload {}

@ObjectType({ description: 'The outcome of shutting somebody out.' })
export class SuspendUserPayload extends UserPayload {}

@ObjectType({ description: 'The outcome of letting somebody in again.' })
export class ReinstateUserPayload extends UserPayload {}
