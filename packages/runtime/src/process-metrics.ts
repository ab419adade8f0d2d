import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { VERSION } from './version.ts';

/** Gauges of prom-client whose names end as only those of counters may (https://prometheus.io/docs/practices/naming/). */
const MISNAMED_GAUGES = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
];

/** Metrics for Prometheus that every process has: of Node, and which version of Rowferry it is. */
export function processMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED_GAUGES) registry.removeSingleMetric(name);
  new Gauge({
    name: 'rowferry_build_info',
    help: 'Always 1; the label is the version of Rowferry',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: VERSION }, 1);
  return registry;
}
