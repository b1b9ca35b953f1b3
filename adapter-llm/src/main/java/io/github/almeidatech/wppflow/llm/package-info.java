/**
 * Language models behind the ports of the cores: {@link io.github.almeidatech.wppflow.llm.LanguageModels} writes answers out
 * of passages, tells intents apart, puts pictures and voice notes into words and texts into vectors, over OpenAI's protocol
 * (OpenAI, Azure, OpenRouter, Groq, Gemini, Ollama, vLLM and others) and Anthropic's.
 *
 * <pre>{@code
 * var settings = ModelSettings.of(
 *         ProviderSettings.of(Provider.ANTHROPIC).apiKey(key).chatModel("claude-haiku-4-5").build(),
 *         ProviderSettings.of(Provider.OPENAI).apiKey(other).chatModel("gpt-4o-mini").transcriptionModel("whisper-1").build());
 * var models = LanguageModels.builder().tenant(new TenantId("pet-hotel"), settings).build();
 * AnswerWriter writer = models.answerWriter();
 * }</pre>
 *
 * <p>A model's words are input from outside: they are checked against what was asked for, and never shown as they came.
 */
@NullMarked
package io.github.almeidatech.wppflow.llm;

import org.jspecify.annotations.NullMarked;
