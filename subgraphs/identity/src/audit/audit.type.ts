import { ClientApp } from '@suvidha/auth';
import { createConnectionType, DateTime } from '@suvidha/subgraph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { AuditAction } from './audit.rules.ts';

registerEnumType(AuditAction, {
  name: 'AuditAction',
  description: 'What was done, or tried, about an account.',
  valuesConfig: {
    ACCOUNT_LEFT: { description: 'A person asked to be erased.' },
    CONTACT_CHANGED: { description: 'A phone number or e-mail address was set.' },
    DATA_EXPORTED: { description: 'A person asked for a copy of their data.' },
    KEYS_ROTATED: { description: 'A new key for access tokens was made.' },
    LOGIN: { description: 'Somebody logged in.' },
    LOGIN_LINKED: { description: 'An account elsewhere became a way in.' },
    LOGIN_UNLINKED: { description: 'An account elsewhere stopped being a way in.' },
    LOGOUT: { description: 'Somebody logged out.' },
    NOTIFICATION_REPLAYED: { description: 'A message that was given up was sent again.' },
    PASSWORD_CHANGED: { description: 'A password was changed by its owner.' },
    PASSWORD_RESET: { description: 'A password was set by a link or a code.' },
    REAUTHENTICATION: { description: 'Somebody proved again who they are.' },
    REGISTRATION: { description: 'An account was opened.' },
    RELEASE_SET: { description: 'The versions of a client app were set.' },
    ROLE_SET: { description: 'A role was given or taken.' },
    SESSION_REVOKED: { description: 'Sessions were ended.' },
    TOKEN_REUSED: { description: 'An exchanged refresh token came again: it was stolen.' },
    USER_REINSTATED: { description: 'Somebody was let in again.' },
    USER_SUSPENDED: { description: 'Somebody was shut out.' },
  },
});

/** Whether what was tried was done. */
export enum AuditOutcomeType {
  SUCCESS = 'SUCCESS',
  FAILURE = 'FAILURE',
}

registerEnumType(AuditOutcomeType, {
  name: 'AuditOutcome',
  description: 'Whether what was tried was done.',
  valuesConfig: { SUCCESS: { description: 'It was.' }, FAILURE: { description: 'It was refused.' } },
});

@ObjectType('AuditEntry', { description: 'A line of the audit log. It is never changed.' })
export class AuditEntryType {
  @Field(() => ID, { description: 'Identifies the line.' })
  id!: string;

  @Field(() => DateTime, { description: 'When it was.' })
  occurredAt!: Date;

  @Field(() => AuditAction, { description: 'What was done or tried.' })
  action!: AuditAction;

  @Field(() => AuditOutcomeType, { description: 'Whether it was done.' })
  outcome!: AuditOutcomeType;

  @Field(() => ID, { nullable: true, description: 'Who did it. Null: nobody was logged in.' })
  actorId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Whose account. Null: none that we know.' })
  subjectId!: string | null;

  @Field(() => ClientApp, { nullable: true, description: 'In which app. Null: not known.' })
  clientApp!: ClientApp | null;

  @Field(() => String, { nullable: true, description: 'IP address of the client. Null: not known.' })
  address!: string | null;

  @Field(() => String, { nullable: true, description: 'What the client calls itself. Null: not known.' })
  userAgent!: string | null;

  @Field(() => String, { description: 'The request, as all logs name it.' })
  requestId!: string;

  @Field(() => String, { description: 'More to know, as JSON: codes and ids.' })
  details!: string;

  @Field(() => String, { description: 'Hash over this line and the one before it.' })
  hash!: string;
}

export const AuditEntryConnection = createConnectionType(AuditEntryType, 'AuditEntry');

@ObjectType('AuditIntegrity', { description: 'Whether the audit log is as it was written.' })
export class AuditIntegrityType {
  @Field(() => Boolean, { description: 'Whether each line seals the one before it.' })
  isIntact!: boolean;

  @Field(() => Int, { description: 'How many lines there are.' })
  entries!: number;

  @Field(() => ID, { nullable: true, description: 'The first line that does not fit. Null: all do.' })
  brokenAt!: string | null;
}

@InputType({ description: 'Which lines of the audit log. Absent fields leave nothing out.' })
export class AuditFilter {
  @Field(() => AuditAction, { nullable: true, description: 'Only this.' })
  action?: AuditAction | null;

  @Field(() => AuditOutcomeType, {
    nullable: true,
    description: 'Only what was done, or only what was refused.',
  })
  outcome?: AuditOutcomeType | null;

  @Field(() => ID, { nullable: true, description: 'Only what this person did.' })
  actorId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only about this account.' })
  subjectId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Not before.' })
  from?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Before.' })
  to?: Date | null;
}
