import { Inbox, Lock, Plus, Settings2 } from 'lucide-react'
import type { Selection } from 'react-aria-components'
import { Collection } from 'react-aria-components/Collection'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { Tree, TreeItem, TreeItemContent } from 'react-aria-components/Tree'
import type { ArchiveSummary, Mailbox } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { ArchiveLine } from './ArchiveLine.tsx'
import { MailboxLine, mailboxName } from './MailboxLine.tsx'
import './sidebar.css'
import { isReadable, type MailboxNode, nest, type Place, placeKey, placeOf } from './tree.ts'

export type AddChoice = 'create' | 'open' | 'demo'

interface Props {
  archives: readonly ArchiveSummary[]
  mailboxes: ReadonlyMap<string, readonly Mailbox[]>
  selected: Place | null
  collapsed: readonly string[]
  /** Archives with something a person should look at. */
  troubled: readonly string[]
  text: Text
  canLock: boolean
  onSelect(place: Place): void
  onCollapse(keys: readonly string[]): void
  onAdd(choice: AddChoice): void
  onSettings(): void
  onLock(): void
}

/** Archives and their mailboxes. Arrows move and select; right and left open and close a level. */
export function Sidebar(props: Props) {
  const { archives, mailboxes, text, collapsed } = props
  const { t } = text
  const hasDemo = archives.some(archive => archive.demo)
  const trees = archives.map(archive => ({ id: archive.id, archive, nodes: nest(mailboxes.get(archive.id) ?? [], text.language) }))
  const parents = trees.flatMap(({ archive, nodes }) => [archive.id, ...parentKeys(archive.id, nodes)])
  const expanded = parents.filter(key => !collapsed.includes(key))

  const onSelectionChange = (keys: Selection) => {
    const key = keys === 'all' ? undefined : [...keys][0]
    if (key !== undefined) props.onSelect(placeOf(String(key)))
  }
  // Who presses the folder that is chosen wants to see it, and not what was searched in it: choosing it again is no change of the choice.
  const onPress = (key: string) => {
    if (props.selected && placeKey(props.selected) === key) props.onSelect(props.selected)
  }

  return (
    <nav className="sidebar" aria-label={t('sidebar.label')} data-pane="sidebar">
      <header className="sidebar-head">
        <h2>{t('sidebar.title')}</h2>
        <MenuTrigger>
          <Button look="quiet" icon={Plus} aria-label={t('sidebar.add')} title={t('sidebar.add')} />
          <Popover className="menu-popover" placement="bottom end">
            <Menu className="menu" onAction={key => props.onAdd(key as AddChoice)}>
              <MenuItem id="create" className="menu-item">
                {t('sidebar.createNew')}
              </MenuItem>
              <MenuItem id="open" className="menu-item">
                {t('sidebar.openFolder')}
              </MenuItem>
              {!hasDemo && (
                <MenuItem id="demo" className="menu-item">
                  {t('sidebar.tryDemo')}
                </MenuItem>
              )}
            </Menu>
          </Popover>
        </MenuTrigger>
      </header>
      <Tree
        className="tree"
        aria-label={t('sidebar.label')}
        selectionMode="single"
        selectionBehavior="replace"
        disallowEmptySelection
        selectedKeys={props.selected ? [placeKey(props.selected)] : []}
        onSelectionChange={onSelectionChange}
        expandedKeys={expanded}
        onExpandedChange={keys => props.onCollapse(parents.filter(key => !keys.has(key)))}
        items={trees}
        dependencies={[props.mailboxes, props.archives, props.troubled.join(), text]}
      >
        {({ archive, nodes }) => (
          <TreeItem id={archive.id} key={archive.id} textValue={archive.name} className="tree-item archive-item" onPress={() => onPress(archive.id)}>
            <TreeItemContent>
              {state => <ArchiveLine archive={archive} troubled={props.troubled.includes(archive.id)} expanded={state.isExpanded} text={text} />}
            </TreeItemContent>
            {isReadable(archive) && (
              <TreeItem id={`${archive.id}/all`} textValue={t('sidebar.allMail')} className="tree-item" onPress={() => onPress(`${archive.id}/all`)}>
                <TreeItemContent>
                  <span className="tree-line" style={{ paddingLeft: 20 }}>
                    <Inbox className="icon" size={15} aria-hidden="true" />
                    <span className="clip tree-name">{t('sidebar.allMail')}</span>
                  </span>
                </TreeItemContent>
              </TreeItem>
            )}
            <Collection items={isReadable(archive) ? nodes : []} dependencies={[text]}>
              {node => <Branch archive={archive.id} node={node} level={1} text={text} onPress={onPress} />}
            </Collection>
          </TreeItem>
        )}
      </Tree>
      <footer className="sidebar-foot">
        <Button look="quiet" icon={Settings2} onPress={props.onSettings}>
          {t('sidebar.settings')}
        </Button>
        {props.canLock && <Button look="quiet" icon={Lock} aria-label={t('sidebar.lock')} title={t('sidebar.lock')} onPress={props.onLock} />}
      </footer>
    </nav>
  )
}

interface BranchProps {
  archive: string
  node: MailboxNode
  level: number
  text: Text
  onPress(key: string): void
}

function Branch({ archive, node, level, text, onPress }: BranchProps) {
  const key = `${archive}/${node.mailbox.id}`
  return (
    <TreeItem id={key} textValue={mailboxName(node.mailbox, text)} className="tree-item" onPress={() => onPress(key)}>
      <TreeItemContent>
        {state => <MailboxLine mailbox={node.mailbox} level={level} hasChildren={node.children.length > 0} expanded={state.isExpanded} text={text} />}
      </TreeItemContent>
      <Collection items={node.children} dependencies={[text]}>
        {child => <Branch archive={archive} node={child} level={level + 1} text={text} onPress={onPress} />}
      </Collection>
    </TreeItem>
  )
}

const parentKeys = (archive: string, nodes: readonly MailboxNode[]): string[] =>
  nodes.flatMap(node => (node.children.length === 0 ? [] : [`${archive}/${node.mailbox.id}`, ...parentKeys(archive, node.children)]))
