import { useState } from 'preact/hooks';
import { type Fault, isFault, order } from './ask.ts';

type SweepButtonProps = { readonly id: string; readonly onAsked: () => void };

/** Asks for a sweep of a connection without waiting for when it is due. */
export function SweepButton({ id, onAsked }: SweepButtonProps) {
  const [fault, setFault] = useState<Fault>();
  const sweep = async () => {
    const answer = await order<object>(`/api/connections/${encodeURIComponent(id)}/sweeps`, {});
    setFault(isFault(answer) ? answer : undefined);
    onAsked();
  };
  return (
    <p class="buttons">
      <button type="button" onClick={() => void sweep()}>
        Sweep now
      </button>
      {fault !== undefined && <small role="alert">{fault.message}</small>}
    </p>
  );
}
