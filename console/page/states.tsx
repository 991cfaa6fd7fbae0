import type { ComponentChildren } from 'preact';
import type { Fault } from './ask.ts';

/** While there is no answer yet. */
export function Loading() {
  return (
    <p class="state" role="status">
      Loading…
    </p>
  );
}

/** Where there is nothing, and what that means. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <div class="state">{children}</div>;
}

/** Where there is no answer, and why. */
export function Failed({ fault }: { readonly fault: Fault }) {
  return (
    <div class="state failed" role="alert">
      <strong>{fault.status === 401 ? 'Not signed in' : 'This cannot be shown'}</strong>
      <p>{fault.message}</p>
    </div>
  );
}

/** What is shown of an answer: itself, or why it is not there. An old answer stays while new ones fail. */
export function Shown<T>({
  known: { answer, fault },
  children,
}: {
  readonly known: { readonly answer: T | undefined; readonly fault: Fault | undefined };
  readonly children: (answer: T) => ComponentChildren;
}) {
  if (answer === undefined) return fault === undefined ? <Loading /> : <Failed fault={fault} />;
  return (
    <>
      {/* That nobody answers is said once, above the page. */}
      {fault !== undefined && fault.status !== 0 && <Failed fault={fault} />}
      {children(answer)}
    </>
  );
}
