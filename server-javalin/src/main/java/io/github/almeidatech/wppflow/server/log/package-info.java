/** What is logged, and what never is. */
@NullMarked
package io.github.almeidatech.wppflow.server.log;

import org.jspecify.annotations.NullMarked;
