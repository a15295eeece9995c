import type { ErrorTexts } from './sentences.ts'

export const plErrors: ErrorTexts = {
  'auth-failed': [
    'Serwer[ {{host}}] nie przyjął nazwy użytkownika lub hasła.',
    'Wszystko, co zapisano do tej pory, jest zachowane.',
    'Sprawdź jedno i drugie; wielu dostawców wymaga tu hasła do aplikacji.',
  ],
  'auth-needs-app-password': [
    'Serwer[ {{host}}] wymaga hasła do aplikacji, a nie hasła do swojej strony.',
    'Konto i wszystko, co zapisano do tej pory, pozostają bez zmian.',
    'Utwórz hasło do aplikacji w ustawieniach zabezpieczeń dostawcy i wpisz je tutaj.',
  ],
  'imap-disabled': [
    'IMAP jest wyłączony dla tego konta.',
    'Wszystko, co zapisano do tej pory, jest zachowane.',
    'Włącz IMAP w ustawieniach na stronie dostawcy i spróbuj ponownie.',
  ],
  'pop3-disabled': [
    'POP3 jest wyłączony dla tego konta.',
    'Wszystko, co zapisano do tej pory, jest zachowane.',
    'Włącz POP3 w ustawieniach na stronie dostawcy i spróbuj ponownie.',
  ],
  'account-blocked': [
    'Dostawca zablokował to konto albo ten sposób logowania.',
    'Wszystko, co zapisano do tej pory, jest zachowane i nadal można to czytać.',
    'Zaloguj się na stronie dostawcy; tam jest napisane, czego wymaga.',
  ],
  'gmail-no-all-mail': [
    'Gmail ukrywa folder „Wszystkie” przed programami pocztowymi.',
    'Wszystko, co ma etykietę, jest zapisane; zarchiwizowanych wiadomości bez etykiety stąd nie widać.',
    'Na stronie Gmaila: Ustawienia → Etykiety → Wszystkie: zaznacz „Pokaż w IMAP”. Następne sprawdzenie pobierze resztę.',
  ],
  'gmail-limited': [
    'Gmail pokazuje programom pocztowym tylko najnowsze wiadomości z każdego folderu[ (najwyżej {{limit}})].',
    'Żadnej wiadomości nie uznano przez to za usuniętą; to, co już zapisano, zostaje.',
    'Na stronie Gmaila: Ustawienia → Przekazywanie i POP/IMAP → Limity rozmiaru folderów: wybierz „Nie ograniczaj”.',
  ],
  'newest-only': [
    'Ten serwer pokazuje tylko najnowsze wiadomości z folderu[ (najwyżej {{limit}})].',
    'Żadnej wiadomości nie uznano przez to za usuniętą; to, co już zapisano, zostaje.',
    'Wybierz dostawcę w formularzu konta: proponowany tam serwer pokazuje wszystkie.',
  ],
  'tls-untrusted': [
    'Certyfikatu serwera[ {{host}}] nie podpisał nikt, komu ten komputer ufa.',
    'Hasło nie zostało wysłane.',
    'Porównaj odcisk z podanym przez dostawcę, a potem zaufaj dokładnie temu certyfikatowi albo wskaż urząd, który go wydał.',
  ],
  'tls-pin-mismatch': [
    'Serwer[ {{host}}] pokazał inny certyfikat niż ten, który został wybrany.',
    'Hasło nie zostało wysłane.',
    'Jeśli dostawca go odnowił, sprawdź połączenie i porównaj nowy odcisk; w innym razie ktoś może pośredniczyć.',
  ],
  'plaintext-refused': [
    'Hasło poszłoby do serwera[ {{host}}] bez szyfrowania.',
    'Nie zostało wysłane.',
    'Wybierz TLS albo STARTTLS; połączenia bez szyfrowania są tylko dla serwerów na tym komputerze.',
  ],
  'sign-in-needed': [
    'Dostawca[ {{provider}}] chce, abyś zalogował(a) się ponownie.[ Podaje: {{serverSays}}]',
    'Wszystko, co zapisano do tej pory, jest zachowane.',
    'Otwórz konto tego archiwum i zaloguj się; potem pobieranie ruszy dalej.',
  ],
  'sign-in-no-client': [
    'Mailcoffer nie jest zarejestrowany u dostawcy[ {{provider}}]: nie ma identyfikatora klienta, którym można się zalogować.',
    'Nic nie zostało zmienione, a wszystko, co zapisano do tej pory, jest zachowane.',
    'Poproś o identyfikator klienta osobę, która opiekuje się Twoją pocztą lub dała Ci Mailcoffer, albo zarejestruj własny (przewodnik, „Signing in”) i wpisz go w koncie.',
  ],
  'server-refused': [
    'Serwer[ {{host}}] odmówił wykonania polecenia[ dla {{mailbox}}].',
    'Wszystko, co zapisano do tej pory, jest zachowane; reszta idzie dalej.',
    'Spróbuj później; jeśli to nie minie, szczegóły techniczne powiedzą dostawcy, co odpowiedział serwer.',
  ],
  'server-unavailable': [
    'Serwer[ {{host}}] zgłasza, że jest teraz niedostępny.',
    'Wszystko, co zapisano do tej pory, jest zachowane.',
    'Próba zostanie powtórzona sama; nie trzeba nic robić.',
  ],
  'server-throttled': [
    'Serwer[ {{host}}] prosi o rzadsze pytania.',
    'Wszystko, co zapisano do tej pory, jest zachowane.',
    'Archiwizacja poczeka tyle, ile chce serwer, i sama ruszy dalej.',
  ],
  'server-lied': [
    'Odpowiedzi serwera przeczą sobie nawzajem[ ({{mailbox}})].',
    'Z tego powodu niczego nie oznaczono jako usunięte i niczego nie skasowano.',
    'Folder zostanie odpytany jeszcze raz przy następnej archiwizacji.',
  ],
  'server-not-imap': [
    'Pod tym adresem[ ({{host}})] nie odpowiada serwer IMAP.',
    'Hasło nie zostało wysłane.',
    'Sprawdź nazwę serwera i port: 993 z TLS, 143 ze STARTTLS.',
  ],
  'server-not-pop3': [
    'Pod tym adresem[ ({{host}})] nie odpowiada serwer POP3.',
    'Hasło nie zostało wysłane.',
    'Sprawdź nazwę serwera i port: 995 z TLS, 110 ze STARTTLS.',
  ],
  'starttls-missing': ['Serwer[ {{host}}] nie oferuje STARTTLS.', 'Hasło nie zostało wysłane.', 'Wybierz TLS i port 993.'],
  'mailbox-unavailable': [
    'Serwer nie pozwala otworzyć folderu[ {{mailbox}}].',
    'To, co z niego zapisano, zostaje; pozostałe foldery idą dalej.',
    'Próba zostanie powtórzona przy następnej archiwizacji; foldery udostępnione mogą wymagać zgody właściciela.',
  ],
  'message-unavailable': [
    'Serwer wymienia wiadomość[ (UID {{uid}})][ w {{mailbox}}], ale jej nie wydaje.',
    'Wszystkie inne wiadomości są zapisane; ta jest odnotowana jako luka.',
    'Próba zostanie powtórzona sama; strona dostawcy może pokazać, czy w ogóle da się ją otworzyć.',
  ],
  'mailbox-full': [
    'Skrzynka na serwerze[ {{host}}] jest pełna.[ Serwer mówi: {{serverSays}}]',
    'To, co dotąd przywrócono, tam jest; nic się nie powtarza.',
    'Zwolnij miejsce na serwerze albo poproś o więcej, a potem uruchom przywracanie ponownie: zacznie tam, gdzie skończyło.',
  ],
  'message-too-big': [
    'Ta wiadomość jest większa, niż przyjmuje serwer[ {{host}}].[ Serwer mówi: {{serverSays}}]',
    'Pozostaje w archiwum, bajt w bajt.',
    'Zapisz ją jako plik albo przywróć na serwer, który przyjmuje większe wiadomości.',
  ],
  'message-refused': [
    'Serwer[ {{host}}] nie przyjął tej wiadomości.[ Serwer mówi: {{serverSays}}]',
    'Pozostaje w archiwum, bajt w bajt; z pozostałymi poszło dalej.',
    'Powód jest w tym, co mówi serwer; wiadomość można zapisać jako plik.',
  ],
  'mailbox-read-only': [
    'Folder[ {{mailbox}}] na serwerze jest tylko do odczytu, więc nic nie można do niego włożyć.',
    'Niczego w nim nie zmieniono; archiwum ma każdą wiadomość, a z pozostałymi folderami poszło dalej.',
    'Poproś właściciela o prawo zapisu albo przywróć pocztę do własnego folderu.',
  ],
  'message-has-nul': [
    'Ta wiadomość zawiera bajty NUL, a serwer[ {{host}}] nie potrafi ich przyjąć (nie ma BINARY).',
    'Pozostaje w archiwum, bajt w bajt; z pozostałymi poszło dalej.',
    'Zapisz ją jako plik albo przywróć na serwer, który oferuje BINARY.',
  ],
  'message-changed': [
    'Serwer[ {{host}}] przechowuje tę wiadomość z innymi bajtami, niż dostał.',
    'Archiwum ma oryginał, bajt w bajt; wiadomość jest na serwerze.',
    'Aby ją tam czytać, nie trzeba nic robić. Podpisy mogą tam już nie być ważne.',
  ],
  offline: [
    'Ten komputer nie ma połączenia z siecią.',
    'Wszystko, co zapisano do tej pory, jest zachowane.',
    'Praca ruszy sama, gdy połączenie wróci.',
  ],
  'host-not-found': [
    'Nie znaleziono serwera o tej nazwie[: {{host}}].',
    'Wszystko, co zapisano do tej pory, jest zachowane.',
    'Sprawdź pisownię nazwy serwera i połączenie z siecią.',
  ],
  'connection-refused': [
    'Komputer[ {{host}}] istnieje, ale nic na nim nie odpowiada[ na porcie {{port}}].',
    'Wszystko, co zapisano do tej pory, jest zachowane.',
    'Sprawdź port: 993 z TLS, 143 ze STARTTLS.',
  ],
  'connection-timeout': [
    'Serwer[ {{host}}] nie odpowiedział na czas.',
    'Wszystko, co zapisano do tej pory, jest zachowane.',
    'Próba zostanie powtórzona; być może zapora blokuje port[ {{port}}].',
  ],
  'connection-lost': [
    'Połączenie z serwerem[ {{host}}] zostało zerwane.',
    'Wszystko, co zapisano do tej pory, jest zachowane; niczego nie trzeba pobierać dwa razy.',
    'Próba zostanie powtórzona sama.',
  ],
  'tls-failed': [
    'Nie udało się nawiązać bezpiecznego połączenia z serwerem[ {{host}}].',
    'Hasło nie zostało wysłane.',
    'Sprawdź zabezpieczenie i port: TLS to 993, STARTTLS to 143.',
  ],
  'wrong-password': ['To nie jest właściwe hasło.', 'Nic się nie zmieniło.', 'Spróbuj ponownie; zwróć uwagę na wielkie litery i układ klawiatury.'],
  'wrong-recovery-code': [
    'To nie jest kod odzyskiwania tego archiwum.',
    'Nic się nie zmieniło.',
    'Porównaj go grupa po grupie ze swoją kopią: dziewięć grup po cztery znaki.',
  ],
  'weak-password': [
    'To hasło jest za krótkie[: potrzeba co najmniej {{least}} znaków].',
    'Nic się nie zmieniło.',
    'Wybierz dłuższe; kilka słów pod rząd łatwo zapamiętać.',
  ],
  'profile-missing': ['Na tym komputerze nie ma jeszcze profilu.', 'Nic się nie zmieniło.', 'Utwórz archiwum albo otwórz istniejące.'],
  'profile-exists': ['Na tym komputerze jest już profil.', 'Nie został zmieniony.', 'Odblokuj go jego hasłem.'],
  'profile-locked': ['Mailcoffer jest zablokowany.', 'Wszystko jest zachowane i zaszyfrowane.', 'Odblokuj go swoim hasłem.'],
  'no-keychain': [
    'Ten komputer nie ma pęku kluczy, który dobrze strzeże tajemnic, albo nie dał się on otworzyć.',
    'Niczego w nim nie zapisano.',
    'Użyj hasła.',
  ],
  'archive-in-use': [
    'Z tym archiwum pracuje inny program albo inny komputer.',
    'Nic się nie zmieniło; zapisywać może naraz tylko jeden.',
    'Zamknij je tam i spróbuj ponownie.',
  ],
  'archive-unknown': ['Tego archiwum nie ma na liście.', 'Nic się nie zmieniło.', 'Otwórz je ponownie z jego folderu.'],
  'archive-locked': [
    'Ten profil nie ma klucza do archiwum.',
    'Archiwum jest nienaruszone.',
    'Otwórz je jego własnym hasłem albo kodem odzyskiwania.',
  ],
  'name-taken': ['Inne archiwum nosi już tę nazwę[: „{{name}}”].', 'Nic się nie zmieniło.', 'Wybierz inną nazwę.'],
  'account-missing': [
    'To archiwum nie jest połączone z żadnym serwerem poczty.',
    'Wszystko w nim nadal można czytać.',
    'Wpisz dane konta, jeśli ma być zapisywana nowa poczta.',
  ],
  'folder-not-empty': ['W folderze[ {{path}}] coś już jest.', 'Nie zostało to ruszone.', 'Wybierz pusty folder albo utwórz nowy.'],
  'archive-is-copy': [
    'Folder[ {{path}}] jest kopią archiwum.',
    'Nic w nim nie zmieniono.',
    'Otwórz samo archiwum. Jeśli przepadło, usuń je z listy, otwórz kopię i zrób z niej archiwum.',
  ],
  'import-unreadable': [
    'Nie udało się odczytać pliku[ {{path}}] jako poczty.',
    'Plik pozostał bez zmian, a wszystko inne zostało przyjęte.',
    'Otwórz go w programie, z którego pochodzi, i zapisz ponownie albo go pomiń.',
  ],
  'drive-unreliable': [
    'Dysk[ z {{path}}] oddaje inne bajty, niż na nim zapisano.',
    'Archiwum jest nienaruszone, a to, co wcześniej sprawdzono na kopii, nadal jest pewne.',
    'Spróbuj innego kabla lub portu; jeśli to się powtórzy, użyj innego dysku.',
  ],
  'not-found': [
    'Nie ma tego, o co chodziło[: {{path}}].',
    'Nic się nie zmieniło.',
    'Mogło zostać przeniesione albo przemianowane; odszukaj to i spróbuj ponownie.',
  ],
  'read-only': [
    'Folder[ {{path}}] można tylko czytać.',
    'To, co w nim jest, jest całe, a czytanie i wyszukiwanie działają jak zawsze.',
    'Zezwól na zapis (przełącznik na nośniku, uprawnienia udziału) albo użyj innego miejsca.',
  ],
  'permission-denied': [
    'Ten komputer nie pozwala na dostęp do folderu lub pliku[ {{path}}].',
    'To, co jest tam zapisane, pozostało bez zmian.',
    'Wybierz inne miejsce albo zmień uprawnienia.',
  ],
  'disk-full': ['Dysk jest pełny[: {{path}}].', 'Wszystko, co zapisano do tej pory, jest całe.', 'Zwolnij miejsce; praca ruszy tam, gdzie stanęła.'],
  'destination-missing': [
    'Nie ma folderu[ {{path}}].',
    'Nic nie zginęło; to, co jest na nośniku, nadal na nim jest.',
    'Podłącz dysk albo udział sieciowy. To, co na niego czeka, ruszy samo; w innym razie spróbuj ponownie.',
  ],
  'destination-other': [
    'Tego, na co zapisywano, nie ma teraz[ w {{path}}]: dysk jest odłączony, opróżniony albo to inny dysk.',
    'Niczego tam w zamian nie zapisano, a archiwum jest nienaruszone.',
    'Podłącz właściwy dysk, a praca ruszy sama. Jeśli został opróżniony, anuluj i zacznij od nowa.',
  ],
  interrupted: [
    'Mailcoffer zakończył działanie, zanim ta praca się skończyła.',
    'To, co do tej chwili ukończono, jest na miejscu i w całości.',
    'Uruchom to samo jeszcze raz: praca pójdzie dalej i nic nie zrobi się podwójnie.',
  ],
  'invalid-input': ['Coś wpisano nieprawidłowo[: {{field}}].', 'Nic się nie zmieniło.', 'Popraw i spróbuj ponownie.'],
  'runtime-too-old': [
    'To wydanie programu Mailcoffer działa na zbyt starym składniku systemu.',
    'Archiwa nie zostały otwarte ani zmienione.',
    'Zainstaluj bieżącą wersję programu Mailcoffer.',
  ],
  cancelled: ['Przerwano.', 'To, co zrobiono do tej chwili, jest zachowane.', 'Można zacząć od nowa w każdej chwili.'],
  'day-budget': [
    'Dzisiejsza część tego, co wolno pobrać od tego dostawcy, jest wykorzystana.',
    'Wszystko, co zapisano, jest zachowane, zaczynając od najnowszej poczty.',
    'Nic: zostanie wznowione samo, gdy zacznie się tam następny dzień.',
  ],
  'day-budget-up': [
    'Dzisiejszy przydział na wysyłanie do tego dostawcy jest wykorzystany.',
    'To, co dotąd przywrócono, jest na serwerze; nic nie jest tam podwójnie.',
    'Nic: praca ruszy dalej sama, gdy zacznie się tam następny dzień.',
  ],
  'over-day-limit': [
    'Ta wiadomość jest większa niż wszystko, co wolno przesłać w ciągu dnia.',
    'Pozostaje w archiwum, bajt w bajt; z pozostałymi poszło dalej.',
    'Podnieś dzienną granicę w ustawieniach konta i wtedy ją przywróć.',
  ],
  'on-battery': [
    'Komputer pracuje na baterii, a archiwizacja ma wtedy czekać.',
    'Wszystko, co zapisano, jest zachowane.',
    'Nic: zostanie wznowione po podłączeniu zasilania. Kiedy czekać, ustala się w ograniczeniach konta.',
  ],
  'on-metered': [
    'Połączenie jest taryfowe, a archiwizacja ma wtedy czekać.',
    'Wszystko, co zapisano, jest zachowane.',
    'Nic: zostanie wznowione przez inne połączenie. Kiedy czekać, ustala się w ograniczeniach konta.',
  ],
  'account-on-hold': [
    'To konto zostało przez Ciebie wstrzymane.',
    'Wszystko, co zapisano, jest zachowane i można to czytać.',
    'Wznów je w jego ustawieniach, kiedy zechcesz.',
  ],
  'over-size-limit': [
    'Ta wiadomość jest większa niż te, które mają być zapisywane.',
    'Nadal jest na serwerze i jest tu wymieniona.',
    'Podnieś granicę w ustawieniach konta, a zostanie zapisana.',
  ],
  'not-an-archive': [
    'Folder[ {{path}}] nie jest archiwum programu Mailcoffer.',
    'Nie został ruszony.',
    'Wybierz folder, w którym leży archive.json.',
  ],
  'newer-format': ['To archiwum zapisała nowsza wersja programu Mailcoffer.', 'Nie zostało ruszone.', 'Zainstaluj bieżącą wersję, aby je otworzyć.'],
  'keyring-damaged': [
    'Plik z kluczami archiwum jest uszkodzony, podobnie jak jego kopia.',
    'Sama poczta jest nienaruszona, ale bez klucza nic jej nie otworzy.',
    'Przywróć keyring.json z kopii folderu archiwum.',
  ],
  'keyring-excessive': [
    'Plik z kluczami żąda więcej pamięci lub czasu niż jakiekolwiek uczciwe archiwum.',
    'Nie został użyty i nic się nie zmieniło.',
    'Jeśli to niespodzianka, ktoś majstrował przy folderze: użyj innej kopii.',
  ],
  'record-damaged': [
    'Kilka bajtów archiwum jest uszkodzonych[ (segment {{segment}}, bajt {{offset}})].',
    'Wszystko inne da się czytać; uszkodzenie zauważono i nie rozeszło się dalej.',
    'Sprawdź archiwum, aby zobaczyć, czego to dotyczy; kopia folderu może je przywrócić.',
  ],
  'segment-missing': [
    'Brakuje pliku archiwum[: segment {{segment}}].',
    'Wszystkie wiadomości w pozostałych plikach da się czytać.',
    'Przywróć ten plik z kopii folderu.',
  ],
  'log-truncated': [
    'Brakuje najnowszej części archiwum.',
    'Wszystko przed nią da się czytać.',
    'Poszukaj nowszej kopii folderu; to, co serwer jeszcze ma, zostanie zapisane ponownie.',
  ],
  'log-forked': [
    'Dwa komputery zapisywały w kopiach tego archiwum.',
    'Obie kopie da się czytać; niczego nie nadpisano.',
    'Zapisuj odtąd tylko w jednej z nich, a drugą zachowaj do czytania.',
  ],
  'index-damaged': [
    'Indeks wyszukiwania jest uszkodzony.',
    'Nie dotyczy to żadnej wiadomości: indeks tylko pomaga listom i wyszukiwaniu.',
    'Odbuduj go; zajmie to kilka minut.',
  ],
  'message-unknown': ['Tej wiadomości nie ma w archiwum.', 'Nic się nie zmieniło.', 'Odśwież listę, wybierając folder jeszcze raz.'],
  internal: [
    'Coś poszło nie tak wewnątrz programu Mailcoffer.',
    'Nie dotyczy to tego, co zapisano.',
    'Spróbuj ponownie; jeśli to wróci, zgłoś to razem ze szczegółami technicznymi.',
  ],
  'engine-crashed': [
    'Silnik zatrzymał się w trakcie pracy.',
    'Nic, co zapisano, nie zginęło.',
    'Jest uruchamiany ponownie; potem spróbuj jeszcze raz.',
  ],
  'byte-check-failed': [
    'Złożona z powrotem wiadomość[ (UID {{uid}})] nie zgadzała się z odebranymi bajtami.',
    'Nie uznano jej za zapisaną; nic błędnego nie stoi na jej miejscu.',
    'Zostanie pobrana przy następnej archiwizacji; jeśli to nie minie, prosimy o zgłoszenie.',
  ],
  'parse-failed': [
    'Nie udało się odczytać tekstu tej wiadomości.',
    'Jej oryginał jest zachowany w całości.',
    'Zapisz go jako plik, aby otworzyć w innym programie.',
  ],
  'parse-timeout': [
    'Odczytywanie tekstu tej wiadomości trwało zbyt długo i zostało przerwane.',
    'Jej oryginał jest zachowany w całości.',
    'Zapisz go jako plik, aby otworzyć w innym programie.',
  ],
  'contract-violation': [
    'Dwie części programu Mailcoffer nie zrozumiały się[ ({{field}})].',
    'Nic się nie zmieniło.',
    'Uruchom program ponownie; jeśli to wróci, zgłoś to razem ze szczegółami technicznymi.',
  ],
}
