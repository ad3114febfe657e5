export { type AddJobOptions, addJob } from './add-job.ts';
export { type DeadJob, listDeadJobs, replayDeadJobs } from './dead-letters.ts';
export { migrateJobs } from './migrate.ts';
export { type JobHandler, type JobHandlers, type JobWorker, startJobWorker } from './worker.ts';
