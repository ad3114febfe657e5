/** Runs a reconciliation that was started. */
export const reconcileTask = 'reconcile';
/** Starts a reconciliation of a scope, and plans the next. */
export const scheduleReconciliationTask = 'schedule-reconciliation';
