import type { Health } from '../api/told-connection.ts';

/** Shapes beside the words: nothing is said by colour alone. */
const healthMarks: Readonly<Record<Health, string>> = {
  failing: '▲',
  stale: '◐',
  held: '■',
  waiting: '○',
  paused: '‖',
  fresh: '●',
};

export function HealthMark({ health }: { readonly health: Health }) {
  return (
    <span class={`mark ${health}`}>
      <span aria-hidden="true">{healthMarks[health]}</span> {health}
    </span>
  );
}

const typeMarks: Readonly<Record<string, string>> = {
  'user.created': '+',
  'user.updated': '~',
  'user.status_changed': '⇄',
  'user.deleted': '−',
};

/** The type of an event, without the word that all of its kind have. */
export function TypeMark({ type }: { readonly type: string }) {
  return (
    <span class={`type ${type.replaceAll(/[._]/g, '-')}`}>
      <span class="shape" aria-hidden="true">
        {typeMarks[type] ?? '◆'}
      </span>
      {type.replace(/^(user|connection)\./, '').replaceAll('_', ' ')}
    </span>
  );
}
