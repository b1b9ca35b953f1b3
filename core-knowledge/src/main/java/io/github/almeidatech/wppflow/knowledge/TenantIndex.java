package io.github.almeidatech.wppflow.knowledge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.br.BrazilianAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

final class TenantIndex {

    private final Analyzer analyzer = new BrazilianAnalyzer();
    private final IndexWriter writer;
    private final SearcherManager searchers;

    TenantIndex() {
        try {
            writer = new IndexWriter(new ByteBuffersDirectory(), new IndexWriterConfig(analyzer));
            searchers = new SearcherManager(writer, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void put(Collection<Document> documents) {
        try {
            for (Document document : documents) {
                var row = new org.apache.lucene.document.Document();
                row.add(new StringField("id", document.id(), Field.Store.YES));
                row.add(new TextField("title", document.title(), Field.Store.YES));
                row.add(new TextField("content", document.content(), Field.Store.YES));
                writer.updateDocument(new Term("id", document.id()), row);
            }
            searchers.maybeRefreshBlocking();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(Collection<String> ids) {
        try {
            for (String id : ids) {
                writer.deleteDocuments(new Term("id", id));
            }
            searchers.maybeRefreshBlocking();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    KnowledgeAnswer query(Question question) {
        try {
            var query = new BooleanQuery.Builder();
            try (var tokens = analyzer.tokenStream("content", question.text())) {
                var term = tokens.addAttribute(CharTermAttribute.class);
                tokens.reset();
                for (int n = 0; n < 200 && tokens.incrementToken(); n++) {
                    query.add(new TermQuery(new Term("title", term.toString())), BooleanClause.Occur.SHOULD);
                    query.add(new TermQuery(new Term("content", term.toString())), BooleanClause.Occur.SHOULD);
                }
            }
            var searcher = searchers.acquire();
            try {
                var hits = searcher.search(query.build(), question.topK());
                List<KnowledgeAnswer.Source> sources = new ArrayList<>();
                for (var hit : hits.scoreDocs) {
                    var row = searcher.storedFields().document(hit.doc);
                    sources.add(new KnowledgeAnswer.Source(
                            row.get("id"),
                            row.get("id") + "#0",
                            row.get("title"),
                            row.get("content"),
                            hit.score / (hit.score + 3)));
                }
                double confidence = sources.isEmpty() ? 0 : sources.get(0).similarity();
                boolean answered = confidence > 0.4;
                return new KnowledgeAnswer(answered, answered ? sources.get(0).text() : "", confidence, sources);
            } finally {
                searchers.release(searcher);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close() {
        try {
            searchers.close();
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
