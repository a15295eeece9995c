import type { importText as english } from './en.ts'

export const importText: Record<keyof typeof english, string> = {
  title: '导入到“{{name}}”',
  lead: '把其他程序的邮件收入归档：mbox、EML、Maildir、Thunderbird 和 Apple Mail 的邮箱、Outlook 文件（PST、OST、MSG）、Google Takeout、它们的 ZIP 文件，以及本程序的导出。已有的邮件不会重复保存。',
  what: '来源',
  file: '添加文件…',
  folder: '添加文件夹…',
  none: '尚未选择。',
  remove: '移除',
  below: '放在归档的此文件夹下',
  belowHint: '有账户时放在“Imported”下。留空则保留原名称。',
  submit: '导入',
  menu: '导入…',
  menuHint: '其他程序的邮件或导出文件',
  there: '{{count}} 封已存在',
}
