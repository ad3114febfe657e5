import { DateTime, URLScalar, UserErrorType } from '@suvidha/subgraph';
import { Field, ID, InputType, ObjectType } from 'type-graphql';

@ObjectType('DataExport', { description: 'A copy of everything that is known of you.' })
export class DataExportType {
  @Field(() => ID, { description: 'Identifies the copy.' })
  id!: string;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  requestedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was complete. Null: it is not yet.' })
  completedAt!: Date | null;

  @Field(() => DateTime, { description: 'Until when it is kept.' })
  expiresAt!: Date;

  @Field(() => URLScalar, {
    nullable: true,
    description: 'Fetch it here within five minutes; ask again for a new link. Null: it is not complete yet.',
  })
  url!: string | null;
}

@InputType({ description: 'Asks for a copy of everything that is known of you.' })
export class ExportMyDataInput {
  @Field(() => String, {
    nullable: true,
    description: 'Echoed nowhere; for the client to match its own records.',
  })
  clientMutationId?: string | null;
}

@ObjectType({ description: 'The outcome of asking for a copy of your data.' })
export class ExportMyDataPayload {
  @Field(() => DataExportType, { nullable: true, description: 'The copy, on its way. Null: see userErrors.' })
  dataExport!: DataExportType | null;

  @Field(() => [UserErrorType], { description: 'Why none is made. Empty: one is.' })
  userErrors!: UserErrorType[];
}

@InputType({ description: 'Closes your account for good.' })
export class DeleteMyAccountInput {
  @Field(() => Boolean, { description: 'That you know that nothing brings it back. Must be true.' })
  isFinal!: boolean;
}

@ObjectType({ description: 'The outcome of closing your account.' })
export class DeleteMyAccountPayload {
  @Field(() => DateTime, {
    nullable: true,
    description: 'When the erasure began; your sessions have ended. Null: see userErrors.',
  })
  requestedAt!: Date | null;

  @Field(() => [UserErrorType], { description: 'Why it was not closed. Empty: it was.' })
  userErrors!: UserErrorType[];
}
