import ssh2 from 'ssh2';

interface KeyTexts {
  readonly private: string;
  readonly public: string;
}

/** A new key in OpenSSH's format. One in 200 that ssh2 makes is malformed, and even ssh2 cannot read it: that one is made anew. */
export function ed25519Key(passphrase?: string): KeyTexts {
  for (;;) {
    const pair = generate(passphrase);
    if (!(ssh2.utils.parseKey(pair.private, passphrase) instanceof Error)) return pair;
  }
}

function generate(passphrase: string | undefined): KeyTexts {
  if (passphrase === undefined) return ssh2.utils.generateKeyPairSync('ed25519');
  return ssh2.utils.generateKeyPairSync('ed25519', { passphrase, cipher: 'aes256-ctr', rounds: 4 });
}
