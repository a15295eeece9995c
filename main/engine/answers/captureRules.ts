/** How accounts are captured: what is known of providers, and what a person wants of it. */
import { type CaptureState, usualRules } from '../../contract/captureRules.ts'
import type { EngineContext } from '../context.ts'
import { leavesOut } from '../jobs/capture/selection.ts'
import { dayBytes } from '../jobs/capture/terms.ts'
import { usedOn } from '../jobs/traffic/dayBudget.ts'
import { connectionsFor, recognise } from '../mail/provider.ts'
import { providers } from '../mail/providers.ts'
import type { CallAnswers } from '../serve.ts'

type RuleCalls = 'account.providers' | 'account.rules' | 'account.setRules' | 'engine.conditions'

export function captureRuleCalls(context: EngineContext): Pick<CallAnswers, RuleCalls> {
  const { archives, runner, watches } = context
  return {
    'account.providers': () =>
      providers.map(({ id, name, domains, imap, pop3, hints }) => ({ id, name, domains: [...domains], imap, pop3, hints: [...hints] })),
    'account.rules': ({ archive }) => stateOf(context, archive),
    'account.setRules': async ({ archive, change }) => {
      await archives.setRules(archive, change)
      // What waited for the account to go on looks again.
      for (const { id, kind, pause } of runner.list())
        if (pause?.reason === 'on-hold' && (kind === 'restore' || kind === 'undoRestore')) runner.resume(id)
      await watches.restart(archive)
      return stateOf(context, archive)
    },
    'engine.conditions': conditions => {
      archives.conditions.set(conditions)
      return {}
    },
  }
}

async function stateOf({ archives, clock }: EngineContext, id: string): Promise<CaptureState> {
  const { rules: given, refused, trafficFile } = await archives.care(id)
  const rules = { ...usualRules, ...given }
  const { account } = await archives.summary(id)
  const provider = account ? recognise(account) : null
  const perDay = account ? dayBytes(rules, account, provider) : null
  const open = await archives.open(id)
  const out = leavesOut(rules)
  const listed = await open.ask('mailboxes', [])
  return {
    rules,
    provider: provider && { id: provider.id, name: provider.name, hints: [...provider.hints] },
    connections: rules.connections ?? connectionsFor(provider),
    bytesPerDay: perDay,
    today: perDay === null ? null : await usedOn(trafficFile, clock.now(), provider?.dayZone),
    mailboxes: listed
      .filter(({ present, selectable }) => present && selectable)
      .map(({ name, role, messages, subscribed = true }) => ({ name, role, messages, subscribed, leftOut: out({ name, role, subscribed }) })),
    refused: refused && { code: refused.error.code, at: refused.at },
  }
}
