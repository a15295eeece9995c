import type { ErrorTexts } from './sentences.ts'

export const deErrors: ErrorTexts = {
  'auth-failed': [
    'Der Server[ {{host}}] hat Benutzernamen oder Passwort nicht angenommen.',
    'Alles bisher Erfasste bleibt erhalten.',
    'Prüfen Sie beides; viele Anbieter verlangen hier ein App-Passwort.',
  ],
  'auth-needs-app-password': [
    'Der Server[ {{host}}] verlangt ein App-Passwort, nicht das der Webseite.',
    'Ihr Konto und alles bisher Erfasste sind unverändert.',
    'Erstellen Sie in den Sicherheitseinstellungen Ihres Anbieters ein App-Passwort und geben Sie es hier ein.',
  ],
  'imap-disabled': [
    'IMAP ist für dieses Konto ausgeschaltet.',
    'Alles bisher Erfasste bleibt erhalten.',
    'Schalten Sie IMAP in den Web-Einstellungen Ihres Anbieters ein und versuchen Sie es erneut.',
  ],
  'pop3-disabled': [
    'POP3 ist für dieses Konto ausgeschaltet.',
    'Alles bisher Erfasste bleibt erhalten.',
    'Schalten Sie POP3 in den Web-Einstellungen Ihres Anbieters ein und versuchen Sie es erneut.',
  ],
  'account-blocked': [
    'Der Anbieter hat dieses Konto oder diese Art der Anmeldung gesperrt.',
    'Alles bisher Erfasste bleibt erhalten und lesbar.',
    'Melden Sie sich auf der Webseite Ihres Anbieters an; dort steht, was er verlangt.',
  ],
  'gmail-no-all-mail': [
    'Gmail verbirgt den Ordner „Alle Nachrichten“ vor Mailprogrammen.',
    'Alles, was ein Label hat, ist erfasst; archivierte Nachrichten ohne Label sind hier nicht zu sehen.',
    'Auf der Webseite von Gmail: Einstellungen → Labels → „Alle Nachrichten“: „In IMAP anzeigen“ ankreuzen. Der nächste Durchgang holt den Rest.',
  ],
  'gmail-limited': [
    'Gmail zeigt Mailprogrammen nur die neuesten[ {{limit}}] Nachrichten jedes Ordners.',
    'Keine Nachricht gilt deshalb als gelöscht; was schon erfasst ist, bleibt.',
    'Auf der Webseite von Gmail: Einstellungen → Weiterleitung und POP/IMAP → Ordnergröße: „Nicht begrenzen“ wählen.',
  ],
  'newest-only': [
    'Dieser Server zeigt nur die neuesten[ {{limit}}] Nachrichten eines Ordners.',
    'Keine Nachricht gilt deshalb als gelöscht; was schon erfasst ist, bleibt.',
    'Den Anbieter im Kontoformular wählen: Der Server, der dort vorgeschlagen wird, zeigt alle.',
  ],
  'tls-untrusted': [
    'Das Zertifikat des Servers[ {{host}}] ist von niemandem unterschrieben, dem dieser Computer vertraut.',
    'Ihr Passwort wurde nicht gesendet.',
    'Vergleichen Sie den Fingerabdruck mit Ihrem Anbieter und vertrauen Sie dann genau diesem Zertifikat, oder wählen Sie die Stelle, die es ausgestellt hat.',
  ],
  'tls-pin-mismatch': [
    'Der Server[ {{host}}] zeigte ein anderes Zertifikat als das von Ihnen gewählte.',
    'Ihr Passwort wurde nicht gesendet.',
    'Hat der Anbieter es erneuert, testen Sie die Verbindung und vergleichen den neuen Fingerabdruck; sonst könnte jemand dazwischen sein.',
  ],
  'plaintext-refused': [
    'Das Passwort wäre unverschlüsselt zum Server[ {{host}}] gegangen.',
    'Es wurde nicht gesendet.',
    'Wählen Sie TLS oder STARTTLS; unverschlüsselte Verbindungen sind nur für Server auf diesem Computer.',
  ],
  'sign-in-needed': [
    'Der Anbieter[ {{provider}}] möchte, dass Sie sich neu anmelden.[ Er sagt: {{serverSays}}]',
    'Alles bisher Erfasste bleibt erhalten.',
    'Öffnen Sie das Konto dieses Archivs und melden Sie sich an; danach geht die Erfassung weiter.',
  ],
  'sign-in-no-client': [
    'Mailcoffer ist beim Anbieter[ {{provider}}] nicht registriert: Es gibt keine Client-ID, mit der man sich anmelden könnte.',
    'Nichts wurde geändert, und alles bisher Erfasste bleibt erhalten.',
    'Fragen Sie, wer Ihre Post betreut oder Ihnen Mailcoffer gegeben hat, nach einer Client-ID, oder registrieren Sie selbst eine (Anleitung, „Signing in“), und tragen Sie sie im Konto ein.',
  ],
  'server-refused': [
    'Der Server[ {{host}}] hat eine Anfrage[ zu {{mailbox}}] abgelehnt.',
    'Alles bisher Erfasste bleibt erhalten; der Rest geht weiter.',
    'Versuchen Sie es später erneut; bleibt es so, sagen die technischen Einzelheiten Ihrem Anbieter, was er geantwortet hat.',
  ],
  'server-unavailable': [
    'Der Server[ {{host}}] meldet, dass er gerade nicht verfügbar ist.',
    'Alles bisher Erfasste bleibt erhalten.',
    'Es wird von selbst erneut versucht; Sie müssen nichts tun.',
  ],
  'server-throttled': [
    'Der Server[ {{host}}] bittet um weniger Anfragen.',
    'Alles bisher Erfasste bleibt erhalten.',
    'Die Erfassung wartet so lange, wie der Server will, und geht dann von selbst weiter.',
  ],
  'server-lied': [
    'Die Antworten des Servers widersprechen sich[ bei {{mailbox}}].',
    'Nichts wurde deshalb als verschwunden vermerkt oder entfernt.',
    'Der Ordner wird bei der nächsten Erfassung erneut abgefragt.',
  ],
  'server-not-imap': [
    'Unter dieser Adresse[ ({{host}})] antwortet kein IMAP-Server.',
    'Ihr Passwort wurde nicht gesendet.',
    'Prüfen Sie Servernamen und Port: 993 mit TLS, 143 mit STARTTLS.',
  ],
  'server-not-pop3': [
    'Unter dieser Adresse[ ({{host}})] antwortet kein POP3-Server.',
    'Ihr Passwort wurde nicht gesendet.',
    'Prüfen Sie Servernamen und Port: 995 mit TLS, 110 mit STARTTLS.',
  ],
  'starttls-missing': ['Der Server[ {{host}}] bietet kein STARTTLS an.', 'Ihr Passwort wurde nicht gesendet.', 'Wählen Sie TLS mit Port 993.'],
  'mailbox-unavailable': [
    'Der Server lässt den Ordner[ {{mailbox}}] nicht öffnen.',
    'Was davon erfasst ist, bleibt erhalten; alle anderen Ordner gehen weiter.',
    'Bei der nächsten Erfassung wird es erneut versucht; für freigegebene Ordner braucht es vielleicht ein Recht vom Besitzer.',
  ],
  'message-unavailable': [
    'Der Server führt eine Nachricht[ (UID {{uid}})][ in {{mailbox}}] auf und gibt sie nicht heraus.',
    'Alle anderen Nachrichten sind erfasst; diese ist als Lücke vermerkt.',
    'Es wird von selbst erneut versucht; die Webseite Ihres Anbieters zeigt vielleicht, ob sie sich überhaupt öffnen lässt.',
  ],
  'mailbox-full': [
    'Das Postfach auf dem Server[ {{host}}] ist voll.[ Er sagt: {{serverSays}}]',
    'Was bis jetzt zurückgelegt wurde, ist da; nichts ist doppelt.',
    'Schaffen Sie Platz auf dem Server oder lassen Sie ihn vergrößern und starten Sie die Wiederherstellung erneut: Sie macht dort weiter, wo sie war.',
  ],
  'message-too-big': [
    'Diese Nachricht ist größer, als der Server[ {{host}}] annimmt.[ Er sagt: {{serverSays}}]',
    'Sie bleibt im Archiv, Byte für Byte.',
    'Speichern Sie sie als Datei, oder stellen Sie sie auf einem Server wieder her, der größere Nachrichten annimmt.',
  ],
  'message-refused': [
    'Der Server[ {{host}}] hat diese Nachricht nicht angenommen.[ Er sagt: {{serverSays}}]',
    'Sie bleibt im Archiv, Byte für Byte; mit den anderen ging es weiter.',
    'Was der Server sagt, nennt den Grund; die Nachricht lässt sich als Datei speichern.',
  ],
  'mailbox-read-only': [
    'Der Ordner[ {{mailbox}}] auf dem Server lässt sich nur lesen; es kann nichts hineingelegt werden.',
    'An ihm wurde nichts geändert; das Archiv hat jede Nachricht, und mit allen anderen Ordnern ging es weiter.',
    'Bitten Sie den Eigentümer um Schreibrecht, oder legen Sie die Mail unter einem eigenen Ordner zurück.',
  ],
  'message-has-nul': [
    'Diese Nachricht enthält NUL-Bytes, und der Server[ {{host}}] kann sie nicht annehmen (ihm fehlt BINARY).',
    'Sie bleibt im Archiv, Byte für Byte; mit den anderen ging es weiter.',
    'Speichern Sie sie als Datei, oder legen Sie sie auf einen Server, der BINARY anbietet.',
  ],
  'message-changed': [
    'Der Server[ {{host}}] bewahrt diese Nachricht mit anderen Bytes auf, als er bekommen hat.',
    'Das Archiv hat das Original, Byte für Byte; die Nachricht ist auf dem Server.',
    'Um sie dort zu lesen, ist nichts zu tun. Signaturen gelten dort vielleicht nicht mehr.',
  ],
  offline: [
    'Dieser Computer hat keine Verbindung zum Netz.',
    'Alles bisher Erfasste bleibt erhalten.',
    'Es geht von selbst weiter, sobald die Verbindung wieder da ist.',
  ],
  'host-not-found': [
    'Es wurde kein Server mit dem Namen[ {{host}}] gefunden.',
    'Alles bisher Erfasste bleibt erhalten.',
    'Prüfen Sie die Schreibweise des Servernamens und die Netzverbindung.',
  ],
  'connection-refused': [
    'Der Computer[ {{host}}] ist da, aber nichts antwortet[ an Port {{port}}].',
    'Alles bisher Erfasste bleibt erhalten.',
    'Prüfen Sie den Port: 993 mit TLS, 143 mit STARTTLS.',
  ],
  'connection-timeout': [
    'Der Server[ {{host}}] hat nicht rechtzeitig geantwortet.',
    'Alles bisher Erfasste bleibt erhalten.',
    'Es wird erneut versucht; vielleicht sperrt eine Firewall den Port[ {{port}}].',
  ],
  'connection-lost': [
    'Die Verbindung zum Server[ {{host}}] ist abgerissen.',
    'Alles bisher Erfasste bleibt erhalten; nichts muss zweimal geholt werden.',
    'Es wird von selbst erneut versucht.',
  ],
  'tls-failed': [
    'Eine sichere Verbindung zum Server[ {{host}}] kam nicht zustande.',
    'Ihr Passwort wurde nicht gesendet.',
    'Prüfen Sie Sicherheit und Port: TLS gehört zu 993, STARTTLS zu 143.',
  ],
  'wrong-password': [
    'Das ist nicht das Passwort.',
    'Nichts wurde geändert.',
    'Versuchen Sie es erneut; achten Sie auf Großschreibung und Tastaturbelegung.',
  ],
  'wrong-recovery-code': [
    'Das ist nicht der Wiederherstellungscode dieses Archivs.',
    'Nichts wurde geändert.',
    'Vergleichen Sie Gruppe für Gruppe mit Ihrer Kopie: neun Gruppen zu vier Zeichen.',
  ],
  'weak-password': [
    'Dieses Passwort ist zu kurz[: Es braucht {{least}} Zeichen].',
    'Nichts wurde geändert.',
    'Wählen Sie ein längeres; ein paar Wörter hintereinander merkt man sich leicht.',
  ],
  'profile-missing': [
    'Auf diesem Computer gibt es noch kein Profil.',
    'Nichts wurde geändert.',
    'Legen Sie ein Archiv an oder öffnen Sie ein vorhandenes.',
  ],
  'profile-exists': ['Auf diesem Computer gibt es schon ein Profil.', 'Es wurde nicht geändert.', 'Entsperren Sie es mit seinem Passwort.'],
  'profile-locked': ['Mailcoffer ist gesperrt.', 'Alles ist erhalten, verschlüsselt.', 'Entsperren Sie es mit Ihrem Passwort.'],
  'no-keychain': [
    'Dieser Computer hat keinen Schlüsselbund, der Geheimnisse gut genug hütet, oder er ließ sich nicht öffnen.',
    'Nichts wurde darin abgelegt.',
    'Verwenden Sie das Passwort.',
  ],
  'archive-in-use': [
    'Ein anderes Programm oder ein anderer Computer arbeitet mit diesem Archiv.',
    'Nichts wurde geändert; schreiben darf immer nur einer.',
    'Schließen Sie es dort und versuchen Sie es erneut.',
  ],
  'archive-unknown': ['Dieses Archiv steht nicht in der Liste.', 'Nichts wurde geändert.', 'Öffnen Sie es erneut aus seinem Ordner.'],
  'archive-locked': [
    'Dieses Profil hat keinen Schlüssel für das Archiv.',
    'Das Archiv ist unversehrt.',
    'Öffnen Sie es mit seinem eigenen Passwort oder dem Wiederherstellungscode.',
  ],
  'name-taken': ['Ein anderes Archiv trägt schon den Namen[ „{{name}}“].', 'Nichts wurde geändert.', 'Wählen Sie einen anderen Namen.'],
  'account-missing': [
    'Dieses Archiv ist mit keinem Mailserver verbunden.',
    'Alles darin bleibt lesbar.',
    'Tragen Sie das Konto ein, wenn neue Post erfasst werden soll.',
  ],
  'folder-not-empty': [
    'In dem Ordner[ {{path}}] ist schon etwas.',
    'Es wurde nicht angerührt.',
    'Wählen Sie einen leeren Ordner oder legen Sie einen neuen an.',
  ],
  'archive-is-copy': [
    'Der Ordner[ {{path}}] ist die Kopie eines Archivs.',
    'Nichts darin wurde geändert.',
    'Öffnen Sie das Archiv selbst. Ist es verloren, nehmen Sie es aus der Liste, öffnen Sie die Kopie und machen Sie sie zum Archiv.',
  ],
  'import-unreadable': [
    'Eine Datei[ ({{path}})] ließ sich nicht als E-Mail lesen.',
    'An ihr wurde nichts geändert, und alles andere wurde übernommen.',
    'Öffnen Sie sie in dem Programm, aus dem sie stammt, und speichern Sie sie neu, oder lassen Sie sie weg.',
  ],
  'drive-unreliable': [
    'Das Laufwerk[ mit {{path}}] gibt andere Bytes zurück, als geschrieben wurden.',
    'Das Archiv ist nicht betroffen, und was auf der Kopie vorher nachgewiesen wurde, gilt weiter.',
    'Versuchen Sie ein anderes Kabel oder einen anderen Anschluss; geschieht es wieder, nehmen Sie ein anderes Laufwerk.',
  ],
  'not-found': [
    'Das Gesuchte ist nicht da[: {{path}}].',
    'Nichts wurde geändert.',
    'Vielleicht wurde es verschoben oder umbenannt; suchen Sie es und versuchen Sie es erneut.',
  ],
  'read-only': [
    'Der Ordner[ {{path}}] lässt sich nur lesen.',
    'Was darin ist, ist heil; Lesen und Suchen gehen wie immer.',
    'Machen Sie ihn beschreibbar (Schalter am Datenträger, Rechte der Freigabe), oder nehmen Sie einen anderen Ort.',
  ],
  'permission-denied': [
    'Dieser Computer erlaubt den Zugriff auf den Ordner oder die Datei[ {{path}}] nicht.',
    'Was dort gespeichert ist, ist, wie es war.',
    'Wählen Sie einen anderen Ort oder ändern Sie die Rechte.',
  ],
  'disk-full': [
    'Der Datenträger ist voll[: {{path}}].',
    'Alles bisher Gespeicherte ist heil.',
    'Schaffen Sie Platz; dann geht es an der Stelle weiter, an der es aufgehört hat.',
  ],
  'destination-missing': [
    'Der Ordner[ {{path}}] ist nicht da.',
    'Nichts ist verloren; was darauf ist, ist noch darauf.',
    'Schließen Sie das Laufwerk an oder verbinden Sie die Freigabe. Was darauf wartet, geht von selbst weiter; sonst versuchen Sie es erneut.',
  ],
  'destination-other': [
    'Worauf geschrieben wurde, ist jetzt nicht[ unter {{path}}] zu finden: Das Laufwerk ist weg oder geleert, oder es ist ein anderes.',
    'An seiner Stelle wurde nichts geschrieben, und das Archiv ist nicht betroffen.',
    'Schließen Sie das richtige Laufwerk an, dann geht es von selbst weiter. Wurde es geleert, brechen Sie ab und beginnen Sie neu.',
  ],
  interrupted: [
    'Mailcoffer wurde beendet, bevor dies fertig war.',
    'Was bis dahin fertig wurde, ist da und unversehrt.',
    'Starten Sie dasselbe noch einmal: Es geht weiter, und nichts wird doppelt getan.',
  ],
  'invalid-input': ['Eine Eingabe ist nicht gültig[: {{field}}].', 'Nichts wurde geändert.', 'Berichtigen Sie sie und versuchen Sie es erneut.'],
  'runtime-too-old': [
    'Dieser Bau von Mailcoffer läuft auf einem zu alten Systembaustein.',
    'Ihre Archive wurden weder geöffnet noch geändert.',
    'Installieren Sie die aktuelle Fassung von Mailcoffer.',
  ],
  cancelled: ['Es wurde abgebrochen.', 'Was bis dahin getan war, bleibt erhalten.', 'Beginnen Sie es erneut, wann immer Sie wollen.'],
  'day-budget': [
    'Der heutige Anteil dessen, was bei diesem Anbieter geladen werden darf, ist verbraucht.',
    'Alles bisher Erfasste bleibt, die neueste Post zuerst.',
    'Nichts: Es geht von selbst weiter, wenn dort der nächste Tag beginnt.',
  ],
  'day-budget-up': [
    'Was heute an diesen Anbieter gesendet werden darf, ist verbraucht.',
    'Was bisher zurückgelegt wurde, ist dort; nichts ist doppelt.',
    'Nichts: Es geht von selbst weiter, wenn dort der nächste Tag beginnt.',
  ],
  'over-day-limit': [
    'Diese Nachricht ist größer als alles, was an einem Tag über die Leitung darf.',
    'Sie bleibt im Archiv, Byte für Byte; mit den anderen ging es weiter.',
    'Erhöhen Sie die Tagesgrenze in den Einstellungen des Kontos, und legen Sie sie dann zurück.',
  ],
  'on-battery': [
    'Dieser Computer läuft mit Akku, und Sie wollten, dass die Erfassung dann wartet.',
    'Alles bisher Erfasste bleibt.',
    'Nichts: Es geht weiter, sobald der Strom wieder da ist. Wann gewartet wird, steht in den Grenzen des Kontos.',
  ],
  'on-metered': [
    'Die Verbindung wird nach Volumen abgerechnet, und Sie wollten, dass die Erfassung dann wartet.',
    'Alles bisher Erfasste bleibt.',
    'Nichts: Über eine andere Verbindung geht es weiter. Wann gewartet wird, steht in den Grenzen des Kontos.',
  ],
  'account-on-hold': [
    'Sie haben dieses Konto angehalten.',
    'Alles bisher Erfasste bleibt und ist lesbar.',
    'Setzen Sie es in seinen Einstellungen fort, wann Sie wollen.',
  ],
  'over-size-limit': [
    'Diese Nachricht ist größer, als Sie erfassen wollten.',
    'Sie liegt weiter auf dem Server und ist hier genannt.',
    'Erhöhen Sie die Grenze in den Einstellungen des Kontos, dann wird sie erfasst.',
  ],
  'not-an-archive': [
    'Der Ordner[ {{path}}] ist kein Archiv von Mailcoffer.',
    'Er wurde nicht angerührt.',
    'Wählen Sie den Ordner, in dem archive.json liegt.',
  ],
  'newer-format': [
    'Dieses Archiv wurde von einer neueren Fassung von Mailcoffer geschrieben.',
    'Es wurde nicht angerührt.',
    'Installieren Sie die aktuelle Fassung, um es zu öffnen.',
  ],
  'keyring-damaged': [
    'Die Datei mit den Schlüsseln des Archivs ist beschädigt, und ihre Kopie ebenso.',
    'Die Nachrichten selbst sind unversehrt, aber ohne Schlüssel öffnet sie nichts.',
    'Holen Sie keyring.json aus einer Kopie des Archivordners zurück.',
  ],
  'keyring-excessive': [
    'Die Datei mit den Schlüsseln verlangt mehr Speicher oder Zeit als jedes ehrliche Archiv.',
    'Sie wurde nicht benutzt, und nichts wurde geändert.',
    'Kommt das unerwartet, hat jemand den Ordner verändert: Verwenden Sie eine andere Kopie.',
  ],
  'record-damaged': [
    'Einige Bytes des Archivs sind beschädigt[ (Segment {{segment}}, Byte {{offset}})].',
    'Alles andere ist lesbar; der Schaden wurde bemerkt und hat sich nicht ausgebreitet.',
    'Prüfen Sie das Archiv, um zu sehen, was betroffen ist; eine Kopie des Ordners kann es zurückbringen.',
  ],
  'segment-missing': [
    'Eine Datei des Archivs fehlt[: Segment {{segment}}].',
    'Alle Nachrichten in den anderen Dateien bleiben lesbar.',
    'Holen Sie die Datei aus einer Kopie des Ordners zurück.',
  ],
  'log-truncated': [
    'Der neueste Teil des Archivs fehlt.',
    'Alles davor bleibt lesbar.',
    'Suchen Sie eine neuere Kopie des Ordners; was der Server noch hat, wird erneut erfasst.',
  ],
  'log-forked': [
    'Zwei Computer haben in Kopien dieses Archivs geschrieben.',
    'Beide Kopien bleiben lesbar; nichts wurde überschrieben.',
    'Schreiben Sie nur noch in eine davon und behalten Sie die andere zum Lesen.',
  ],
  'index-damaged': [
    'Der Suchindex ist beschädigt.',
    'Keine Nachricht ist betroffen: Der Index hilft nur bei Listen und Suche.',
    'Bauen Sie ihn neu auf; das dauert ein paar Minuten.',
  ],
  'message-unknown': [
    'Diese Nachricht ist nicht im Archiv.',
    'Nichts wurde geändert.',
    'Wählen Sie den Ordner erneut, damit die Liste neu geladen wird.',
  ],
  internal: [
    'In Mailcoffer ist etwas schiefgegangen.',
    'Das Gespeicherte ist nicht betroffen.',
    'Versuchen Sie es erneut; kommt es wieder, melden Sie es mit den technischen Einzelheiten.',
  ],
  'engine-crashed': [
    'Der Kern ist mittendrin stehen geblieben.',
    'Nichts Gespeichertes ging verloren.',
    'Er wird neu gestartet; versuchen Sie es dann noch einmal.',
  ],
  'byte-check-failed': [
    'Eine wieder zusammengesetzte Nachricht[ (UID {{uid}})] glich nicht den empfangenen Bytes.',
    'Sie gilt nicht als gespeichert; nichts Falsches steht an ihrer Stelle.',
    'Sie wird bei der nächsten Erfassung erneut geholt; bleibt es so, melden Sie es bitte.',
  ],
  'parse-failed': [
    'Der Text dieser Nachricht ließ sich nicht lesen.',
    'Ihr Original ist vollständig erhalten.',
    'Sichern Sie es als Datei, um es in einem anderen Programm zu öffnen.',
  ],
  'parse-timeout': [
    'Das Lesen des Textes dieser Nachricht dauerte zu lange und wurde abgebrochen.',
    'Ihr Original ist vollständig erhalten.',
    'Sichern Sie es als Datei, um es in einem anderen Programm zu öffnen.',
  ],
  'contract-violation': [
    'Zwei Teile von Mailcoffer haben einander nicht verstanden[ ({{field}})].',
    'Nichts wurde geändert.',
    'Starten Sie es neu; kommt es wieder, melden Sie es mit den technischen Einzelheiten.',
  ],
}
