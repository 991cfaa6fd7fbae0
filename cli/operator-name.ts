import { userInfo } from 'node:os';
import { usageFault } from './usage-fault.ts';

const longest = 200;

/** Who asks for something: the name given, or the one that the operating system knows. @throws config.invalid */
export function operatorName(given: string | undefined): string {
  const name = (given ?? systemName()).trim();
  if (name === '') throw usageFault('--by', 'is empty; give the name of whoever decides');
  if (name.length <= longest) return name;
  throw usageFault('--by', `has ${name.length} characters; give at most ${longest}`);
}

/** A container may run under an id that has no name. */
function systemName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
