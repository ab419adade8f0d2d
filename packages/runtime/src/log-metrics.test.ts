import { expect, test } from 'vitest';
import { withMetrics } from './log-metrics.ts';

test('metrics of a line become those of CloudWatch, beside what else the line says', () => {
  const fields = { uploadId: 'u', metrics: { DeadRows: 3, FailedUploads: 0 } };

  // The form of the specification's example, with these names and numbers.
  expect(withMetrics(fields, 'Rowferry/prod', 1_574_109_732_004)).toEqual({
    uploadId: 'u',
    DeadRows: 3,
    FailedUploads: 0,
    _aws: {
      Timestamp: 1_574_109_732_004,
      CloudWatchMetrics: [
        { Namespace: 'Rowferry/prod', Dimensions: [[]], Metrics: [{ Name: 'DeadRows' }, { Name: 'FailedUploads' }] },
      ],
    },
  });
});

test('without a namespace, and without metrics, a line stays as it is', () => {
  expect(withMetrics({ uploadId: 'u', metrics: { DeadRows: 3 } }, undefined)).toEqual({ uploadId: 'u' });
  expect(withMetrics({ uploadId: 'u' }, 'Rowferry/prod')).toEqual({ uploadId: 'u' });
});
