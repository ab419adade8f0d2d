import type { DatabaseSync } from 'node:sqlite';
import type { SnsPersistence, SnsStore, SnsSubscription, SnsTopic } from './fauxqs.ts';
import type { GroupCommit } from './group-commit.ts';

/**
 * Keeps topics and subscriptions on disk, in place of fauxqs's own persistence (the methods have its names). Without it, what
 * is published after a restart would reach no queue until somebody has subscribed the queues again. What a topic has put into
 * a queue is kept by the queue's journal, and both by one commit, before the answer to who published it.
 */
export class TopicJournal implements SnsPersistence {
  readonly #commits: GroupCommit;
  readonly #statements;
  #store: SnsStore | undefined;

  constructor(database: DatabaseSync, commits: GroupCommit) {
    this.#commits = commits;
    this.#statements = {
      loadTopics: database.prepare('select arn, facts from topics order by rowid'),
      putTopic: database.prepare('insert or replace into topics values (?, ?)'),
      deleteTopic: database.prepare('delete from topics where arn = ?'),
      loadSubscriptions: database.prepare('select facts from subscriptions order by rowid'),
      putSubscription: database.prepare('insert or replace into subscriptions values (?, ?)'),
      deleteSubscription: database.prepare('delete from subscriptions where arn = ?'),
    };
  }

  /** Fills `store` with what is on disk, and follows it from then on. */
  load(store: SnsStore): void {
    for (const { arn, facts } of this.#statements.loadTopics.all()) {
      const { name, attributes }: Pick<SnsTopic, 'name' | 'attributes'> = JSON.parse(String(facts));
      store.topics.set(String(arn), { arn: String(arn), name, attributes, tags: new Map(), subscriptionArns: [] });
    }
    for (const { facts } of this.#statements.loadSubscriptions.all()) {
      const subscription: SnsSubscription = JSON.parse(String(facts));
      store.subscriptions.set(subscription.arn, subscription);
      store.getTopic(subscription.topicArn)?.subscriptionArns.push(subscription.arn);
    }
    this.#store = store;
    Object.assign(store, { persistence: this });
  }

  insertTopic({ arn, name, attributes }: SnsTopic): void {
    this.#commits.begin();
    this.#statements.putTopic.run(arn, JSON.stringify({ name, attributes }));
  }

  deleteTopic(arn: string): void {
    this.#commits.begin();
    this.#statements.deleteTopic.run(arn);
  }

  updateTopicAttributes(arn: string): void {
    const topic = this.#store?.getTopic(arn);
    if (topic !== undefined) this.insertTopic(topic);
  }

  insertSubscription({ parsedFilterPolicy: _, ...facts }: SnsSubscription): void {
    this.#commits.begin();
    this.#statements.putSubscription.run(facts.arn, JSON.stringify(facts));
  }

  deleteSubscription(arn: string): void {
    this.#commits.begin();
    this.#statements.deleteSubscription.run(arn);
  }

  updateSubscriptionAttributes(arn: string): void {
    const subscription = this.#store?.getSubscription(arn);
    if (subscription !== undefined) this.insertSubscription(subscription);
  }

  /** Each subscription says which topic it is of. */
  updateTopicSubscriptionArns(): void {}
}
