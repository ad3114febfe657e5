import { DateTime, RowAccess } from '@suvidha/subgraph';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { KycStatus } from '../generated/prisma/enums.ts';

registerEnumType(KycStatus, {
  name: 'KycStatus',
  description: 'How far the proof of who somebody is has come.',
  valuesConfig: {
    NOT_STARTED: { description: 'No document was handed in yet.' },
    PENDING: { description: 'Documents were handed in and wait for the review.' },
    VERIFIED: { description: 'The person has proven who they are.' },
    REJECTED: { description: 'The documents do not prove who the person is.' },
  },
});

@ObjectType('KycVerification', { description: 'The proof of who a person is (know your customer).' })
@Directive('@key(fields: "id")')
@RowAccess()
export class KycVerificationType {
  @Field(() => ID, { description: 'Identifies the verification.' })
  id!: string;

  @Field(() => KycStatus, { description: 'How far it has come.' })
  status!: KycStatus;

  @Field(() => DateTime, { description: 'When it was begun.' })
  createdAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the person was found to be who they say. Null: not so far.',
  })
  verifiedAt!: Date | null;
}
