import type { JobHandler } from '@suvidha/jobs';
import { z } from 'zod';
import type { ReconciliationService } from '../reconciliation/reconciliation.service.ts';
import type { ReconciliationRunService } from '../reconciliation/reconciliation-run.service.ts';

const runPayload = z.object({ reportId: z.uuid() });
const schedulePayload = z.object({ scope: z.enum(['YOUNG', 'ALL']) });

export function createReconcileHandler(runs: ReconciliationRunService): JobHandler {
  return async (raw) => runs.run(runPayload.parse(raw).reportId);
}

export function createScheduleReconciliationHandler(reconciliation: ReconciliationService): JobHandler {
  return async (raw) => reconciliation.startScheduled(schedulePayload.parse(raw).scope);
}
