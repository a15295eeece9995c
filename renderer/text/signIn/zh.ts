import type { SignInTexts } from './en.ts'

export const signInZh: SignInTexts = {
  how: '登录方式',
  password: '密码',
  lead: '请在 {{name}} 的页面上登录。Mailcoffer 只得到读取邮件的密钥，不会看到您的密码；您可以随时在 {{name}} 撤销。',
  begin: '在 {{name}} 登录…',
  again: '重新登录…',
  useCode: '使用另一台电脑',
  waiting: '请在浏览器中完成登录，然后回到这里。在此之前会一直等待。',
  waitingCode: '在任意电脑上打开 {{url}}，输入此代码：',
  open: '打开页面',
  cancel: '放弃',
  signedIn: '您已登录。',
  kept: '此前已登录，保持不变。',
  goodbye: 'Mailcoffer 已收到答复。您可以关闭此页面，回到程序。',
  noClient:
    '要在 {{name}} 登录，Mailcoffer 需要一个客户端 ID，即程序在那里注册的名称。它自己没有。请向管理您邮箱的人或提供 Mailcoffer 的人索取，或自行注册；做法见指南“Signing in”。',
  clientId: '客户端 ID',
  clientSecret: '客户端密钥（如有）',
  keepClient: '使用此客户端 ID',
  changeClient: '换一个客户端 ID…',
}
