package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.model.ErrorCode;

/** Why an encrypted backup cannot be read. A person has to find the key, or another backup. */
public enum BackupError implements ErrorCode {
    /** It is encrypted, and no key is configured. */
    KEY_MISSING("ERR_BACKUP_KEY_MISSING"),
    /** The key is another one, or the file was changed. Which of both cannot be told. */
    KEY_OR_FILE_WRONG("ERR_BACKUP_KEY_OR_FILE_WRONG"),
    /** It ends too early: the copy was cut off. */
    CUT_OFF("ERR_BACKUP_CUT_OFF");

    private final String code;

    BackupError(String code) {
        this.code = code;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
