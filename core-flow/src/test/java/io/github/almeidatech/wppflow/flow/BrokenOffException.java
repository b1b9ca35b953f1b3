package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ErrorCode;
import io.github.almeidatech.wppflow.model.FlowException;

/** The world failed, as an adapter would say it. */
final class BrokenOffException extends FlowException {

    private static final long serialVersionUID = 1L;

    private enum Error implements ErrorCode {
        BROKEN;

        @Override
        public String code() {
            return "ERR_BROKEN";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    BrokenOffException(String what) {
        super(Error.BROKEN, what, null);
    }
}
