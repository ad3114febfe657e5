import { ClientApp } from '@suvidha/auth';
import { DateTime, URLScalar, UserErrorType } from '@suvidha/subgraph';
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { ClientPlatform } from '../generated/prisma/enums.ts';

registerEnumType(ClientPlatform, {
  name: 'ClientPlatform',
  description: 'What a client app runs on.',
  valuesConfig: {
    WEB: { description: 'A browser.' },
    ANDROID: { description: 'Android.' },
    IOS: { description: 'iOS or iPadOS.' },
  },
});

/** What a client should do. */
export enum ReleaseStatus {
  SUPPORTED = 'SUPPORTED',
  UPGRADE_RECOMMENDED = 'UPGRADE_RECOMMENDED',
  UPGRADE_REQUIRED = 'UPGRADE_REQUIRED',
}

registerEnumType(ReleaseStatus, {
  name: 'ReleaseStatus',
  description: 'What a client of some version should do.',
  valuesConfig: {
    SUPPORTED: { description: 'Nothing.' },
    UPGRADE_RECOMMENDED: { description: 'Tell its user of a newer version.' },
    UPGRADE_REQUIRED: { description: 'Send its user to a newer version: this one is served no more.' },
  },
});

@ObjectType('ClientRelease', { description: 'Which versions of a client app are served on a platform.' })
export class ClientReleaseType {
  @Field(() => ClientApp, { description: 'The app.' })
  app!: ClientApp;

  @Field(() => ClientPlatform, { description: 'What it runs on.' })
  platform!: ClientPlatform;

  @Field(() => String, { description: 'Older versions are served no more.' })
  minimumVersion!: string;

  @Field(() => String, { description: 'Older versions are served, and told to change.' })
  recommendedVersion!: string;

  @Field(() => URLScalar, { nullable: true, description: 'Where to get the newest. Null: in the store.' })
  downloadUrl!: string | null;

  @Field(() => DateTime, { description: 'When this was set.' })
  updatedAt!: Date;

  @Field(() => ReleaseStatus, {
    nullable: true,
    description: 'What a client of the version that was asked for should do. Null: none was.',
  })
  status?: ReleaseStatus | null;
}

@InputType({ description: 'Sets which versions of a client app are served on a platform.' })
export class SetClientReleaseInput {
  @Field(() => ClientApp, { description: 'The app.' })
  app!: ClientApp;

  @Field(() => ClientPlatform, { description: 'What it runs on.' })
  platform!: ClientPlatform;

  @Field(() => String, { description: 'Older versions are served no more. Such as 2.14.0.' })
  minimumVersion!: string;

  @Field(() => String, { description: 'Older versions are told to change. Not older than the minimum.' })
  recommendedVersion!: string;

  @Field(() => URLScalar, { nullable: true, description: 'Where to get the newest. Absent: in the store.' })
  downloadUrl?: string | null;
}

@ObjectType({ description: 'The outcome of setting which versions are served.' })
export class SetClientReleasePayload {
  @Field(() => ClientReleaseType, { nullable: true, description: 'What holds now. Null: see userErrors.' })
  clientRelease!: ClientReleaseType | null;

  @Field(() => [UserErrorType], { description: 'Why nothing was set. Empty: it was.' })
  userErrors!: UserErrorType[];
}
