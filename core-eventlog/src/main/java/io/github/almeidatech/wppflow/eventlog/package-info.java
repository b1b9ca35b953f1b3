/**
 * M5: what happened, written down once and never changed, and the policies that act on it.
 *
 * <p>{@link io.github.almeidatech.wppflow.eventlog.EventLog} takes and finds events; {@link
 * io.github.almeidatech.wppflow.eventlog.EventArchive} verifies, exports and empties them. A tenant's policies are read by
 * {@link io.github.almeidatech.wppflow.eventlog.Policies#parse}, decided by {@link
 * io.github.almeidatech.wppflow.eventlog.PolicyEngine}, and rehearsed by {@link
 * io.github.almeidatech.wppflow.eventlog.DryRun}:
 *
 * <pre>{@code
 * Object policy = Map.of("id", "thanks", "event", "order.paid", "then", List.of(Map.of("send_message", "Obrigado!")));
 * Policies policies = Policies.parse(List.of(policy)).match(valid -> valid, problems -> Policies.NONE);
 * PolicyPlan plan = new PolicyEngine(policies).decide(events, PolicyContext.at(now));
 * plan.planned();  // commands; stored in one transaction with plan.events() and plan.ownership()
 * }</pre>
 */
@NullMarked
package io.github.almeidatech.wppflow.eventlog;

import org.jspecify.annotations.NullMarked;
