import pc from 'picocolors';
import type { Paint } from './span.ts';

/** Colours where the terminal and NO_COLOR allow them. */
export function createPaint(enabled: boolean = pc.isColorSupported): Paint {
  const colors = pc.createColors(enabled);
  return (style, text) => (style === 'plain' ? text : colors[style](text));
}
