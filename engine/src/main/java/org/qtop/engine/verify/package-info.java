/**
 * A second opinion on finished release records, written apart from the planner.
 *
 * <p>Imports {@code phase} and {@code winding} only, and must never import {@code timing} or {@code seed}: a fault of
 * the planner that its verifier shared would go unseen. So the law is read from its text, and a hold is checked not by
 * computing the quantile again but by asking whether the advance lies in that hold's share of the distribution.
 */
package org.qtop.engine.verify;
