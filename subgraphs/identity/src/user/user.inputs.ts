import { Role } from '@suvidha/auth';
import { Field, ID, InputType } from 'type-graphql';
import { AccountStatus } from '../generated/prisma/enums.ts';
import { OtpProofInput } from '../otp/otp.inputs.ts';

@InputType({ description: 'Changes what your account says of you. What is absent stays as it is.' })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true, description: 'A name to be known by.' })
  username?: string | null;

  @Field(() => OtpProofInput, {
    nullable: true,
    description: 'A code of purpose VERIFY that was sent to the new phone number.',
  })
  phoneVerification?: OtpProofInput | null;

  @Field(() => OtpProofInput, {
    nullable: true,
    description: 'A code of purpose VERIFY that was sent to the new e-mail address.',
  })
  emailVerification?: OtpProofInput | null;
}

@InputType({ description: 'Which accounts. Absent fields leave nothing out.' })
export class UserFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Part of a username, e-mail address or phone number, or the whole id.',
  })
  search?: string | null;

  @Field(() => Role, { nullable: true, description: 'Only who has this role.' })
  role?: Role | null;

  @Field(() => AccountStatus, { nullable: true, description: 'Only accounts in this state.' })
  status?: AccountStatus | null;
}

@InputType({ description: 'Gives somebody a role besides that of a customer, or none.' })
export class SetUserRoleInput {
  @Field(() => ID, { description: 'Whose.' })
  userId!: string;

  @Field(() => Role, { description: 'The role. USER takes the others away.' })
  role!: Role;
}

@InputType({ description: 'Shuts somebody out.' })
export class SuspendUserInput {
  @Field(() => ID, { description: 'Whom.' })
  userId!: string;

  @Field(() => String, { description: 'Why, for the audit log; up to 200 characters, nothing personal.' })
  reason!: string;
}

@InputType({ description: 'Lets somebody in again.' })
export class ReinstateUserInput {
  @Field(() => ID, { description: 'Whom.' })
  userId!: string;
}
