import { type MaintenanceWindow, weekdays } from '../model/connection.ts';

const minuteMs = 60_000;
const minutesPerDay = 1_440;

/** The end of the window that a moment is in, in epoch milliseconds; the latest of several. Undefined outside of all. */
export function maintenanceEndMs(windows: readonly MaintenanceWindow[] | undefined, nowMs: number): number | undefined {
  const ends = (windows ?? []).flatMap((window) => endOf(window, nowMs) ?? []);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** By the clock of the window's own zone; on the day it is changed the end may be an hour off, and is asked for again then. */
function endOf({ days = weekdays, from, to, timezone = 'UTC' }: MaintenanceWindow, nowMs: number): number | undefined {
  const { day, minute } = localTime(nowMs, timezone);
  const [begins, ends] = [minuteOf(from), minuteOf(to)];
  const isOvernight = ends <= begins;
  const isLate = minute >= begins && (isOvernight || minute < ends);
  const isEarly = isOvernight && minute < ends;
  const yesterday = weekdays[(weekdays.indexOf(day) + 6) % 7] ?? day;
  const isIn = (isLate && days.includes(day)) || (isEarly && days.includes(yesterday));
  if (!isIn) return undefined;
  const minutesLeft = (ends - minute + minutesPerDay) % minutesPerDay || minutesPerDay;
  return nowMs - (nowMs % minuteMs) + minutesLeft * minuteMs;
}

function minuteOf(time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

function localTime(
  nowMs: number,
  timeZone: string,
): { readonly day: (typeof weekdays)[number]; readonly minute: number } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(nowMs).map(({ type, value }) => [type, value]));
  const short = parts.get('weekday')?.slice(0, 3).toLowerCase();
  return {
    day: weekdays.find((day) => day === short) ?? 'mon',
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}
