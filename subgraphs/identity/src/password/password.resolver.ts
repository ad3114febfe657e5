import { assertUser } from '@suvidha/auth';
import { Public, RequireAuth, type SubgraphContext, withUserErrors } from '@suvidha/subgraph';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { toSessionPayload } from '../session/session.payload.ts';
import {
  ChangePasswordInput,
  LoginWithPasswordInput,
  RegisterWithPasswordInput,
  RequestPasswordResetInput,
  ResendEmailVerificationInput,
  ResetPasswordInput,
  VerifyEmailInput,
} from './password.inputs.ts';
import type { PasswordService } from './password.service.ts';
import {
  ChangePasswordPayload,
  LoginWithPasswordPayload,
  RegisterWithPasswordPayload,
  RequestPasswordResetPayload,
  ResendEmailVerificationPayload,
  ResetPasswordPayload,
  VerifyEmailPayload,
} from './password.type.ts';
import type { PasswordChangeService } from './password-change.service.ts';

@Resolver()
export class PasswordResolver {
  readonly #passwords: PasswordService;
  readonly #changes: PasswordChangeService;

  constructor(passwords: PasswordService, changes: PasswordChangeService) {
    this.#passwords = passwords;
    this.#changes = changes;
  }

  @Mutation(() => RegisterWithPasswordPayload, {
    nullable: true,
    description: 'Asks for an account that has a password: a link is sent that opens it.',
  })
  @Public()
  registerWithPassword(
    @Arg('input', () => RegisterWithPasswordInput, { description: 'The account to be.' })
    input: RegisterWithPasswordInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<RegisterWithPasswordPayload> {
    return done(() => this.#passwords.register(caller, input));
  }

  @Mutation(() => VerifyEmailPayload, {
    nullable: true,
    description:
      'Follows a link that proves an e-mail address: opens the account, or adds the address to it.',
  })
  @Public()
  verifyEmail(
    @Arg('input', () => VerifyEmailInput, { description: 'The token of the link.' }) input: VerifyEmailInput,
    @Ctx() caller: SubgraphContext,
  ) {
    const nothing = { user: null, hasPassword: false };
    return withUserErrors<{ user: object | null; hasPassword: boolean }>(nothing, async () => {
      const user = await this.#passwords.verifyEmail(caller, input);
      return { user, hasPassword: user.passwordHash !== null };
    });
  }

  @Mutation(() => ResendEmailVerificationPayload, {
    nullable: true,
    description: 'Sends the link of a registration again; the one before stops working.',
  })
  @Public()
  resendEmailVerification(
    @Arg('input', () => ResendEmailVerificationInput, { description: 'Where to.' })
    { email }: ResendEmailVerificationInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<ResendEmailVerificationPayload> {
    return done(() => this.#passwords.resendVerification(caller, email));
  }

  @Mutation(() => LoginWithPasswordPayload, { nullable: true, description: 'Logs in with a password.' })
  @Public()
  loginWithPassword(
    @Arg('input', () => LoginWithPasswordInput, { description: 'The name and the password.' })
    input: LoginWithPasswordInput,
    @Ctx() caller: SubgraphContext,
  ) {
    return toSessionPayload(() => this.#passwords.login(caller, input));
  }

  @Mutation(() => RequestPasswordResetPayload, {
    nullable: true,
    description: 'Sends a link to choose a new password, valid for half an hour.',
  })
  @Public()
  requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput, { description: 'Where to.' })
    { email }: RequestPasswordResetInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<RequestPasswordResetPayload> {
    return done(() => this.#changes.requestReset(caller, email));
  }

  @Mutation(() => ResetPasswordPayload, {
    nullable: true,
    description: 'Sets a new password by a link or a code, once, and ends all sessions.',
  })
  @Public()
  resetPassword(
    @Arg('input', () => ResetPasswordInput, { description: 'The proof and the password.' })
    { newPassword, ...proof }: ResetPasswordInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<ResetPasswordPayload> {
    return done(() => this.#changes.reset(caller, proof, newPassword));
  }

  @Mutation(() => ChangePasswordPayload, {
    nullable: true,
    description: 'Changes your password and ends your other sessions.',
  })
  @RequireAuth()
  changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'Both passwords.' }) input: ChangePasswordInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<ChangePasswordPayload> {
    return done(() => this.#changes.change(caller, assertUser(caller.actor), input));
  }
}

function done(useCase: () => Promise<void>) {
  return withUserErrors({}, async () => {
    await useCase();
    return {};
  });
}
