import type { PaymentStatus, SettlementStatus } from '../generated/prisma/enums.ts';

/** What is known of a payment and of the work that is planned for it. */
export interface Situation {
  readonly status: PaymentStatus;
  readonly settlement: SettlementStatus;
  readonly gateway: string;
  readonly hasOrder: boolean;
  readonly isClaimed: boolean;
  readonly failureCode: string | null;
  readonly quarantineReason: string | null;
  readonly openRefunds: number;
  /** The newest refund, when it failed and nothing took its place. */
  readonly failedRefund: { readonly failureCode: string | null } | null;
  /** When the gateway is asked next about the payment. Null: nothing is planned. */
  readonly nextCheckAt: Date | null;
  /** When the gateway is asked next about a refund. */
  readonly nextRefundAt: Date | null;
  /** The event of the money that its owner has not taken yet. */
  readonly delivery: { readonly nextAt: Date | null; readonly isGivenUp: boolean } | null;
}

/** Why a payment is where it is, and what happens next. */
export interface Diagnosis {
  readonly code: DiagnosisCode;
  readonly explanation: string;
  readonly nextStep: string;
  /** Null: it waits for somebody, or nothing more happens. */
  readonly nextAt: Date | null;
}

export type DiagnosisCode =
  | 'ASKING_GATEWAY'
  | 'GATEWAY_UNREACHED'
  | 'OUTCOME_UNKNOWN'
  | 'WAITS_FOR_PAYER'
  | 'WAITS_FOR_CAPTURE'
  | 'DECLINED'
  | 'NOT_PAID_IN_TIME'
  | 'SUPERSEDED'
  | 'QUARANTINED'
  | 'WAITS_FOR_OWNER'
  | 'OWNER_UNREACHED'
  | 'REFUND_ON_ITS_WAY'
  | 'REFUND_STUCK'
  | 'REFUND_FAILED'
  | 'COMPLETE'
  | 'GIVEN_BACK';

export function diagnose(situation: Situation): Diagnosis {
  if (situation.openRefunds > 0) return diagnoseRefund(situation);
  switch (situation.status) {
    case 'CREATED':
    case 'UNKNOWN':
      return diagnoseUnplaced(situation);
    case 'CAPTURED':
    case 'PARTIALLY_REFUNDED':
    case 'REFUNDED':
      return diagnoseTaken(situation);
    case 'QUARANTINED':
      return {
        code: 'QUARANTINED',
        explanation: `What came in is not what was asked for (${situation.quarantineReason ?? 'unknown'}).`,
        nextStep: 'Staff compare it with the gateway and give it back there.',
        nextAt: null,
      };
    default:
      return diagnoseUnpaid(situation, situation.status);
  }
}

function diagnoseUnplaced({ status, gateway, isClaimed, nextCheckAt }: Situation): Diagnosis {
  const nextStep = 'The gateway is asked for the order, and for a new one only if it has none.';
  if (isClaimed)
    return {
      code: 'ASKING_GATEWAY',
      explanation: `${gateway} is being asked for an order.`,
      nextStep,
      nextAt: nextCheckAt,
    };
  return status === 'UNKNOWN'
    ? {
        code: 'OUTCOME_UNKNOWN',
        explanation: `The answer of ${gateway} was lost.`,
        nextStep,
        nextAt: nextCheckAt,
      }
    : {
        code: 'GATEWAY_UNREACHED',
        explanation: `${gateway} could not be asked yet.`,
        nextStep,
        nextAt: nextCheckAt,
      };
}

type Unpaid = 'PENDING' | 'AUTHORIZED' | 'FAILED' | 'EXPIRED' | 'CANCELLED';

const unpaid: Readonly<Record<Unpaid, Pick<Diagnosis, 'code' | 'explanation'>>> = {
  PENDING: { code: 'WAITS_FOR_PAYER', explanation: 'The gateway waits for the payer.' },
  AUTHORIZED: {
    code: 'WAITS_FOR_CAPTURE',
    explanation: 'The bank has set the money aside; it is not taken yet.',
  },
  FAILED: { code: 'DECLINED', explanation: 'The payer or the bank declined.' },
  EXPIRED: { code: 'NOT_PAID_IN_TIME', explanation: 'Nobody paid in time.' },
  CANCELLED: { code: 'SUPERSEDED', explanation: 'A newer attempt took its place.' },
};

function diagnoseUnpaid({ failureCode, nextCheckAt }: Situation, status: Unpaid): Diagnosis {
  const { code, explanation } = unpaid[status];
  return {
    code,
    explanation: withGatewaysWord(explanation, failureCode),
    nextStep: nextCheckAt ? 'The gateway is asked again: banks answer late.' : 'Nothing more is expected.',
    nextAt: nextCheckAt,
  };
}

function withGatewaysWord(explanation: string, failureCode: string | null): string {
  return failureCode ? `${explanation} The gateway says: ${failureCode}.` : explanation;
}

function diagnoseTaken({ status, settlement, delivery, failedRefund }: Situation): Diagnosis {
  if (settlement === 'PENDING') return diagnoseUnsettled(delivery);
  if (failedRefund) return diagnoseFailedRefund(failedRefund);
  const nextStep = 'Nothing more is expected.';
  return status === 'CAPTURED' || status === 'PARTIALLY_REFUNDED'
    ? { code: 'COMPLETE', explanation: 'The money was put to what it pays for.', nextStep, nextAt: null }
    : { code: 'GIVEN_BACK', explanation: 'All of the money was given back.', nextStep, nextAt: null };
}

function diagnoseUnsettled(delivery: Situation['delivery']): Diagnosis {
  const explanation = 'The money was taken; the owner of what it pays for has not answered yet.';
  if (delivery?.isGivenUp)
    return {
      code: 'OWNER_UNREACHED',
      explanation,
      nextStep: 'The delivery was given up: staff replay it from the dead letters.',
      nextAt: null,
    };
  return {
    code: 'WAITS_FOR_OWNER',
    explanation,
    nextStep: delivery ? 'The owner is told again.' : 'The owner was told, and answers.',
    nextAt: delivery?.nextAt ?? null,
  };
}

function diagnoseFailedRefund({ failureCode }: NonNullable<Situation['failedRefund']>): Diagnosis {
  return {
    code: 'REFUND_FAILED',
    explanation: withGatewaysWord(
      'The last refund failed: what it was to give back is with us.',
      failureCode,
    ),
    nextStep: 'Staff ask for another refund, or give it back in another way.',
    nextAt: null,
  };
}

function diagnoseRefund({ openRefunds, nextRefundAt }: Situation): Diagnosis {
  const explanation = `${openRefunds} refund${openRefunds === 1 ? ' is' : 's are'} on the way back.`;
  return nextRefundAt
    ? {
        code: 'REFUND_ON_ITS_WAY',
        explanation,
        nextStep: 'The gateway is asked how far it is.',
        nextAt: nextRefundAt,
      }
    : {
        code: 'REFUND_STUCK',
        explanation,
        nextStep: 'No check is planned: staff look into it.',
        nextAt: null,
      };
}
