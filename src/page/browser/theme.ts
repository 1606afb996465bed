/** Switches between the colours of the system, dark and light ones, and remembers the choice where the browser allows it. */

const themes = ['auto', 'dark', 'light'] as const;

type Theme = (typeof themes)[number];

const labels: Readonly<Record<Theme, string>> = { auto: '◐', dark: '☾', light: '☀' };

const key = 'kat-theme';

/** Makes the button a switch. */
export function switchThemes(control: HTMLButtonElement): void {
  let theme = themes.find((one) => one === remembered()) ?? 'auto';
  const show = () => {
    document.documentElement.setAttribute('data-theme', theme);
    control.textContent = labels[theme];
    control.title = `Colours: ${theme} (t)`;
    control.setAttribute('aria-label', control.title);
  };
  control.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] as Theme;
    remember(theme);
    show();
  });
  show();
}

/** A page that was opened from the disk may have no storage. */
function remembered(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // The choice lasts as long as the page.
  }
}
