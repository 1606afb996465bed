/** The few lines that teach a shell to ask Kat how a command line may go on. */

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

export type Shell = (typeof shells)[number];

/** What the script of PowerShell passes in place of an empty word. */
export const emptyWord = '%empty%';

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
  // An empty word would get lost between PowerShell and a program.
  powershell: `Register-ArgumentCompleter -Native -CommandName kat -ScriptBlock {
  param($typed, $line, $cursor)
  $words = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.StartOffset -lt $cursor } | ForEach-Object { $_.ToString() })
  if ($typed -eq '') { $words += '${emptyWord}' }
  kat completion powershell -- @words 2>$null | ForEach-Object {
    $word, $meaning = $_ -split "\t", 2
    if (-not $meaning) { $meaning = $word }
    $text = if ($word -match '^[\\w.:=/@+-]+$') { $word } else { "'" + $word.Replace("'", "''") + "'" }
    [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $meaning)
  }
}
`,
};
