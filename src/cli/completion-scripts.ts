/** The few lines that teach a shell to ask Kat how a command line may go on. */

export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/** For each shell: a script that calls `kat completion SHELL -- WORDS`, whose answers are lines. */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `_kat() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    COMPREPLY+=("$(printf '%q' "$word")")
  done < <(kat completion bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _kat kat
`,
  zsh: `#compdef kat
_kat() {
  local -a candidates
  candidates=("\${(@f)$(kat completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[1]}" ]]; then _describe 'kat' candidates; else _files; fi
}
compdef _kat kat
`,
  fish: `complete -c kat -a '(kat completion fish -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
};
