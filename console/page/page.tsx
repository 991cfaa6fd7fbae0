import { render } from 'preact';
import { takeToken } from './access.ts';
import { App } from './app.tsx';
import { listenForever } from './live.ts';

takeToken();
// A new token in the address of a page that is open already, as after a restart of ucf.
addEventListener('hashchange', () => {
  if (takeToken()) location.reload();
});
const root = document.getElementById('page');
if (root !== null) render(<App />, root);
void listenForever();
