/** What other plugins may use of notifications (`optional: { notifications: '^0.1.0' }`). */

export interface Notification {
  /** A kind that the plugin contributes to `notifications.kinds`. */
  kind: string;
  /** Ids of at most 1,000 people. People who chose not to get the kind are left out. */
  to: readonly string[];
  /** Path of the page to open; it must fit the `place` of the kind. */
  place: string;
  /**
   * At most ten placeholders of the text, each at most 200 characters: titles, numbers, dates. Neither names nor results of people: the
   * erasure of somebody else does not reach them here.
   */
  params?: Readonly<Record<string, string | number>>;
}

/** `notifications.notify` */
export interface Notify {
  /**
   * Notifies people when the current unit of work commits. If somebody has an unread notification of the same kind and place, that one is
   * renewed and counted up instead.
   *
   * @throws Error if no plugin contributes the kind, or something does not fit it
   */
  send(notification: Notification): Promise<void>;
}

export interface NotificationsExports {
  notify: Notify;
}
