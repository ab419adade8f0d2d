export { PICKUP_VARIABLES, type Pickup, pickupOf, startSchedule } from './pickup.ts';
export {
  type BackfillRefusal,
  BackfillRefusedError,
  type BackfillRequest,
  type BackfillStore,
  CONCURRENCY_DEFAULT,
  CONCURRENCY_MAX,
  PREFIX_MAX,
  requestBackfill,
} from './request-backfill.ts';
export { requestPickup } from './request-pickup.ts';
