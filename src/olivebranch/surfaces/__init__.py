"""Takes briefs, readings and views, gives what people and programs see: terminal, Markdown, HTML, JSON; decides nothing."""
