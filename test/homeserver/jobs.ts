import type { IdMaker } from "./ids.js";
import type { JsonObject } from "./json.js";

export type JobStatus = "scheduled" | "active" | "complete" | "failed";

export interface Job {
  readonly id: string;
  readonly action: "shutdown_and_purge_room" | "purge_history" | "redact_all_events";
  readonly resourceId: string;
  status: JobStatus;
  result: JsonObject | null;
  error: string | null;
  timestampMs: number;
}

/** The halves of a job's work. Whatever they throw makes the job fail with that text. */
export interface Work {
  /** Runs when half of the time is over; its result can be seen while the job is still active. */
  begin?: () => JsonObject | null;
  /** Runs at the end. */
  finish: () => JsonObject | null;
}

/** Synapse runs at most this many at once; the others wait as scheduled. */
const MOST_ACTIVE = 5;

/** Synapse's task scheduler: work that goes on after the request that started it was answered. */
export class Jobs {
  readonly all = new Map<string, Job>();
  private readonly waiting: { job: Job; work: Work }[] = [];
  /** What is still to be done, and the timer that waits for it. */
  private readonly steps = new Map<() => void, NodeJS.Timeout | undefined>();
  private failures: string[] = [];

  constructor(
    private readonly now: () => number,
    /** `Infinity`: until they are told to finish. */
    private readonly jobMs: number,
    private readonly ids: IdMaker,
  ) {}

  start(action: Job["action"], resourceId: string, work: Work): Job {
    const job: Job = {
      id: this.ids.letters(16),
      action,
      resourceId,
      status: "scheduled",
      result: null,
      error: null,
      timestampMs: this.now(),
    };
    this.all.set(job.id, job);
    this.waiting.push({ job, work });
    this.launch();
    return job;
  }

  of(action: Job["action"], resourceId: string, ...statuses: JobStatus[]): Job[] {
    return [...this.all.values()].filter(
      (job) => job.action === action && job.resourceId === resourceId && statuses.includes(job.status),
    );
  }

  get(action: Job["action"], id: string): Job | undefined {
    const job = this.all.get(id);
    return job?.action === action ? job : undefined;
  }

  /** The next job that comes to its end fails with this text instead. */
  failNext(error: string): void {
    this.failures.push(error);
  }

  /** Nothing runs on after the server is closed. */
  stop(): void {
    for (const timer of this.steps.values()) clearTimeout(timer);
    this.steps.clear();
    this.waiting.length = 0;
  }

  /** Brings all jobs to their end at once, those that wait, too. */
  finish(): void {
    for (const step of this.steps.keys()) step(); // those that come up meanwhile are among them
  }

  private launch(): void {
    const active = [...this.all.values()].filter((job) => job.status === "active").length;
    const next = active < MOST_ACTIVE ? this.waiting.shift() : undefined;
    if (next === undefined) return;
    const { job, work } = next;
    this.update(job, "active");
    this.afterHalf(job, () => {
      job.result = work.begin?.() ?? job.result;
      this.afterHalf(job, () => {
        const failure = this.failures.shift();
        if (failure !== undefined) throw new Error(failure);
        job.result = work.finish();
        this.end(job, "complete");
      });
    });
    this.launch();
  }

  private afterHalf(job: Job, work: () => void): void {
    const step = () => {
      clearTimeout(this.steps.get(step));
      this.steps.delete(step);
      try {
        work();
      } catch (error) {
        job.error = error instanceof Error ? error.message : String(error);
        this.end(job, "failed");
      }
    };
    this.steps.set(step, this.jobMs === Infinity ? undefined : setTimeout(step, this.jobMs / 2));
  }

  private end(job: Job, status: "complete" | "failed"): void {
    this.update(job, status);
    this.launch();
  }

  private update(job: Job, status: JobStatus): void {
    job.status = status;
    job.timestampMs = this.now();
  }
}
