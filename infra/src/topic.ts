import * as iam from 'aws-cdk-lib/aws-iam';
import { Alias } from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';
import { stackName } from './stages.ts';

/** The topic of all events. Encrypted by SNS's own key: those who may publish need no right on a key. */
export function createEventsTopic(scope: Construct, settings: Settings): sns.Topic {
  return new sns.Topic(scope, 'Events', {
    topicName: `${stackName(settings.name)}-events`,
    enforceSSL: true,
    masterKey: Alias.fromAliasName(scope, 'EventsKey', 'alias/aws/sns'),
  });
}

/** Lets a function publish. */
export function allowPublish(topic: sns.Topic, role: iam.IRole): void {
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }));
}
