import { useEffect, useRef, useState } from 'preact/hooks';

const pauseMs = 200;

/** What somebody types into a field whose text stands in the address: it goes there after a pause, and follows it where others change it. */
export function useTyped(stored: string, store: (text: string) => void): readonly [string, (text: string) => void] {
  const [text, setText] = useState(stored);
  const sent = useRef(stored);
  useEffect(() => {
    if (stored === sent.current) return;
    sent.current = stored;
    setText(stored);
  }, [stored]);
  useEffect(() => {
    if (text === sent.current) return;
    const pause = setTimeout(() => {
      sent.current = text;
      store(text);
    }, pauseMs);
    return () => clearTimeout(pause);
  }, [text, store]);
  return [text, setText];
}
