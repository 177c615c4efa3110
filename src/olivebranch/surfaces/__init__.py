"""Takes briefs, readings and views, gives what people and programs see in every format; decides nothing."""
