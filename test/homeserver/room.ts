import { type JsonObject, isObject } from "./json.js";

export interface RoomEvent {
  readonly eventId: string;
  readonly roomId: string;
  readonly type: string;
  /** Only state events have one. */
  readonly stateKey: string | undefined;
  readonly sender: string;
  content: JsonObject;
  readonly originServerTs: number;
  /** The order in which this server got to know its events, over all rooms. */
  readonly streamOrdering: number;
  /** A bigint where a remote server sent a depth that no JavaScript number can hold. */
  readonly depth: number | bigint;
  readonly replacesState: string | undefined;
  /** The redaction that took its content away. */
  redactedBecause: RoomEvent | undefined;
}

export type Membership = "join" | "invite" | "knock" | "leave" | "ban";

/** A room as one server sees it: its events, and the state that they add up to. */
export class Room {
  readonly timeline: RoomEvent[] = [];
  readonly state = new Map<string, RoomEvent>();
  /** Users of this server who left and then forgot the room. */
  readonly forgottenBy = new Set<string>();
  /** What is left of the state after the last user of this server has left. */
  private readonly lastMemberships = new Map<string, Membership>();
  private lastStateCount = 0;
  private isAbandoned = false;

  constructor(
    readonly roomId: string,
    readonly version: string,
    readonly creator: string,
    /** Listed in the room directory; the join rule is another thing. */
    public isPublic: boolean,
  ) {}

  append(event: RoomEvent): void {
    this.timeline.push(event);
    if (event.stateKey === undefined) return;
    const membership = membershipOf(event);
    if (!this.isAbandoned) this.state.set(stateId(event.type, event.stateKey), event);
    else if (event.type === "m.room.member" && membership) this.lastMemberships.set(event.stateKey, membership);
  }

  stateEvent(type: string, stateKey = ""): RoomEvent | undefined {
    return this.state.get(stateId(type, stateKey));
  }

  /** Without a user in the room a server no longer learns its state: Synapse drops all but the number of events. */
  abandon(): void {
    if (this.isAbandoned) return;
    this.isAbandoned = true;
    this.lastStateCount = this.state.size;
    for (const userId of this.memberIds()) {
      const membership = this.membership(userId);
      if (membership) this.lastMemberships.set(userId, membership);
    }
    this.state.clear();
  }

  get stateCount(): number {
    return this.isAbandoned ? this.lastStateCount : this.state.size;
  }

  /** Everybody who has a membership of any kind. */
  memberIds(): string[] {
    const current = [...this.state.values()].filter((event) => event.type === "m.room.member");
    return [...new Set([...current.flatMap((event) => event.stateKey ?? []), ...this.lastMemberships.keys()])];
  }

  /** A field of a state event's content, if it is a text. */
  stateText(type: string, field: string): string | null {
    const value = this.stateEvent(type)?.content[field];
    return typeof value === "string" ? value : null;
  }

  /** In the order in which Synapse sends it: by type, then state key. */
  sortedState(): RoomEvent[] {
    return [...this.state.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, event]) => event);
  }

  membership(userId: string): Membership | undefined {
    return membershipOf(this.stateEvent("m.room.member", userId)) ?? this.lastMemberships.get(userId);
  }

  members(membership: Membership): string[] {
    return this.memberIds().filter((userId) => this.membership(userId) === membership);
  }

  get joinRule(): string | null {
    return this.stateText("m.room.join_rules", "join_rule");
  }

  /** Since version 12 creators have endless power and no entry in the power levels. */
  get creators(): string[] {
    const create = this.stateEvent("m.room.create");
    if (create === undefined || Number(this.version) < 12) return [];
    const more = create.content["additional_creators"];
    return [create.sender, ...(Array.isArray(more) ? more.map(String) : [])];
  }

  powerLevel(userId: string): number {
    if (this.creators.includes(userId)) return Number.POSITIVE_INFINITY;
    const content = this.stateEvent("m.room.power_levels")?.content;
    if (content === undefined) return userId === this.creator ? 100 : 0;
    const users = content["users"];
    return Number((isObject(users) ? users[userId] : undefined) ?? content["users_default"] ?? 0);
  }

  /** The power needed for an action such as `invite`, or to send a type of event. */
  neededLevel(action: string, byDefault: number): number {
    return Number(this.stateEvent("m.room.power_levels")?.content[action] ?? byDefault);
  }
}

/** An event as clients see it, with the copies of `age` and `sender` that old clients knew. */
export function clientEvent(event: RoomEvent, now: number): JsonObject {
  const age = now - event.originServerTs;
  const replaces = event.replacesState === undefined ? {} : { replaces_state: event.replacesState };
  const { redactedBecause } = event;
  const because = redactedBecause && { redacted_because: clientEvent(redactedBecause, now) };
  const redacts = event.type === "m.room.redaction" ? { redacts: event.content["redacts"] } : {};
  return {
    type: event.type,
    room_id: event.roomId,
    sender: event.sender,
    content: event.content,
    ...(event.stateKey === undefined ? {} : { state_key: event.stateKey }),
    origin_server_ts: event.originServerTs,
    unsigned: { age, ...replaces, ...because, ...(redactedBecause && { redacted_by: redactedBecause.eventId }) },
    event_id: event.eventId,
    user_id: event.sender,
    age,
    ...replaces,
    ...because,
    ...redacts,
  };
}

function stateId(type: string, stateKey: string): string {
  return `${type}\0${stateKey}`;
}

const MEMBERSHIPS: readonly Membership[] = ["join", "invite", "knock", "leave", "ban"];

function membershipOf(event: RoomEvent | undefined): Membership | undefined {
  return MEMBERSHIPS.find((membership) => membership === event?.content["membership"]);
}
