import type { Chinese } from '../types.ts'

export const unread: Chinese['unread'] = {
  title: '附件与搜索',
  waiting: { other: '还有 {{n}} 封邮件的附件待读取' },
  intro: '以下附件的内容无法搜索：',
  why: {
    encrypted: { other: '{{n}} 个已加密' },
    'image-only': { other: '{{n}} 个是没有文字的扫描件' },
    'too-large': { other: '{{n}} 个太大，未能全部读取' },
    damaged: { other: '{{n}} 个已损坏' },
    'gave-up': { other: '{{n}} 个读取时间过长' },
    format: { other: '{{n}} 个的格式不支持读取' },
  },
  show: '显示这些邮件',
  done: { other: '已读取 {{n}} 封邮件的附件' },
  envelope: {
    winmail: 'Outlook 的 winmail.dat 中的信件。',
    signed: 'S/MIME 签名中的信件。签名未经验证。',
  },
}
