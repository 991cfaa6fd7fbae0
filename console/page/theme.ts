import { effect, signal } from '@preact/signals';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const name = 'ucf-console-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** What was chosen; `system` follows the system's. */
export const theme = signal<Theme>(themes.find((one) => one === localStorage.getItem(name)) ?? 'system');
/** What is shown: charts are drawn anew with it. */
export const shownTheme = signal<'light' | 'dark'>('light');

const systemTheme = signal(dark.matches);
dark.addEventListener('change', () => {
  systemTheme.value = dark.matches;
});

effect(() => {
  const isDark = theme.value === 'system' ? systemTheme.value : theme.value === 'dark';
  shownTheme.value = isDark ? 'dark' : 'light';
  document.documentElement.dataset.theme = shownTheme.value;
  localStorage.setItem(name, theme.value);
});
