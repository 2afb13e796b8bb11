namespace Personalize.Fhir.FhirPath.Syntax;

internal enum TokenKind
{
    End,
    Word,
    Quoted,
    Text,
    Number,
    Moment,
    Symbol,
    Variable,
    Constant,
}

/// <summary>A token.</summary>
/// <param name="Kind"><c>Quoted</c> is an identifier in backticks, <c>Variable</c> begins with <c>$</c>, <c>Constant</c> with <c>%</c>, <c>Moment</c> with <c>@</c>.</param>
/// <param name="Text">Unescaped, without quotes, <c>$</c>, <c>%</c> or <c>@</c>.</param>
/// <param name="Position">Where it begins, from 0.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Word && Text == word;
}
