import { DateTime, RequireAuth } from '@suvidha/subgraph';
import { Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { PaymentType } from '../payment/payment.type.ts';
import type { DiagnosisService } from './diagnosis.service.ts';

@ObjectType({ description: 'Why a payment is where it is, and what happens next.' })
export class PaymentDiagnosis {
  @Field(() => String, { description: 'In a word that does not change, such as `WAITS_FOR_OWNER`.' })
  code!: string;

  @Field(() => String, { description: 'Why it is where it is.' })
  explanation!: string;

  @Field(() => String, { description: 'What happens next.' })
  nextStep!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When. Null: it waits for somebody, or nothing more happens.',
  })
  nextAt!: Date | null;
}

@Resolver(() => PaymentType)
export class DiagnosisResolver {
  readonly #diagnosis: DiagnosisService;

  constructor(diagnosis: DiagnosisService) {
    this.#diagnosis = diagnosis;
  }

  @FieldResolver(() => PaymentDiagnosis, {
    nullable: true,
    description: 'For staff: why the payment is where it is, what happens next and when.',
  })
  @RequireAuth('payment:read')
  diagnosis(@Root() { id }: PaymentType): Promise<PaymentDiagnosis | null> {
    return this.#diagnosis.diagnose(id);
  }
}
