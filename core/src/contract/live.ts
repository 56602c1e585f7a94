import type { z } from 'zod';
import type { Principal } from './principal.js';

/** One topic that pages may follow, declared in the manifest under `live`. */
export interface LiveTopicOptions<Cradle, P extends z.ZodType, S extends z.ZodType> {
  /** Identifies one topic: an object of ids and codes, such as `z.object({ pathId: z.uuid() })`. */
  params: P;
  /**
   * The payload of a message, at most 4 kB of JSON. Only ids and codes: no names, texts or results. The page fetches what it shows through
   * a route, which checks the rights again.
   */
  payload: S;
  /** Who may follow it: `signed-in`, or a permission, as for routes. */
  permission: string;
  /**
   * Whether this person may follow the topic with these params. Runs in a read-only unit of work as that person: when they subscribe, when
   * their roles change, and before a message is sent if the last check was a minute ago. Any result except `true`, including a thrown
   * problem, is a refusal. Time limit: five seconds.
   */
  allow(input: { params: z.output<P>; principal: Principal; services: Cradle }): Promise<boolean> | boolean;
}

/** A live topic in a manifest, created with `topicFor`. */
// biome-ignore lint/suspicious/noExplicitAny: a map of topics mixes types of params and payloads
export type LiveTopic = LiveTopicOptions<any, any, any>;

/** A topic with the types of its params, payload and permission. */
export interface TypedTopic<P extends z.ZodType, S extends z.ZodType, Permission extends string> extends LiveTopic {
  params: P;
  payload: S;
  permission: Permission;
}

/** Types a plugin's live topics: `const topic = topicFor<Cradle>()`. */
export function topicFor<Cradle>() {
  return <P extends z.ZodObject, S extends z.ZodType, const Permission extends string>(
    options: LiveTopicOptions<Cradle, P, S> & { permission: Permission },
  ): TypedTopic<P, S, Permission> => options as unknown as TypedTopic<P, S, Permission>;
}
