-- CreateIndex
CREATE INDEX "event_log_type_occurred_at_idx" ON "event_log"("type", "occurred_at");
