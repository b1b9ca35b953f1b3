package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.ErrorCode;

/** How a store fails. */
public enum StorageError implements ErrorCode {
    /** The disk or the server cannot be reached, is full or locked. Nothing was changed. */
    UNAVAILABLE("ERR_STORAGE_UNAVAILABLE", true),
    /** More waits to be written than may wait. Nothing was changed. */
    OVERLOADED("ERR_STORAGE_OVERLOADED", true),
    /** The answer to a commit did not come in time, or not at all: it may have been stored. Repeating is safe. */
    UNCLEAR("ERR_STORAGE_UNCLEAR", true),
    /** Another process has the file open. */
    IN_USE("ERR_STORAGE_IN_USE", false),
    /** The file, or its write-ahead log, is damaged or missing. A person must restore a backup. */
    DAMAGED("ERR_STORAGE_DAMAGED", false),
    /** Written by a newer version, or not by us. */
    INCOMPATIBLE("ERR_STORAGE_INCOMPATIBLE", false),
    /** The database refused a statement; a defect of ours. Nothing was changed. */
    STATEMENT("ERR_STORAGE_STATEMENT", false);

    private final String code;
    private final boolean retryable;

    StorageError(String code, boolean retryable) {
        this.code = code;
        this.retryable = retryable;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public boolean retryable() {
        return retryable;
    }
}
