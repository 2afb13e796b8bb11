using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Personalize.House.Tests;

/// <summary>Short functions and files, plain names, sealed classes, and failures that nobody swallows.</summary>
public sealed class The_code_keeps_to_the_style(ITestOutputHelper output)
{
    private static readonly string[] _emptyWords = ["Helper", "Helpers", "Manager", "Util", "Utils", "Common", "Base", "Impl", "Wrapper", "Processor", "Info", "Data"];

    // Where an exception that nobody expects ends: the HTTP rim, the feed's loop, Main, and the writer of the store, which gives it to those who wait for the commit.
    private static readonly string[] _lastNets = ["Personalize.Server/Rest/RestEndpoint.cs", "Personalize.Server/Flow/Personalizer.cs", "Personalize.Server/Program.cs", "Personalize.App/AppPages.cs", "Personalize.Store/Sql/Writer.cs", "Personalize.Store/Postgres/PostgresNews.cs"];

    [Fact]
    public void Functions_are_short()
    {
        var lengths = SourceTree.Product.SelectMany(file => Functions(file).Select(function => (Lines: Lines(function), Place: file.At(function)))).OrderBy(function => function.Lines).ToList();
        output.WriteLine($"{lengths.Count} functions: median {lengths[lengths.Count / 2].Lines} lines, 90 % within {lengths[lengths.Count * 9 / 10].Lines}, the longest {lengths[^1]}");

        Assert.InRange(lengths[lengths.Count / 2].Lines, 1, 5);
        Assert.InRange(lengths[lengths.Count * 9 / 10].Lines, 1, 20);
        Assert.DoesNotContain(lengths, function => function.Lines > 80);
    }

    [Fact]
    public void Files_are_short()
    {
        var lengths = SourceTree.Everything.Select(file => (file.Lines, file.Path)).OrderBy(file => file.Lines).ToList();
        output.WriteLine($"{lengths.Count} files, {lengths.Sum(file => file.Lines)} lines: 90 % within {lengths[lengths.Count * 9 / 10].Lines}, the longest {lengths[^1]}");

        Assert.InRange(lengths[lengths.Count * 9 / 10].Lines, 1, 250);
        Assert.DoesNotContain(lengths, file => file.Lines > 400);
    }

    [Fact]
    public void Names_say_something() => None(
        from file in SourceTree.Everything
        from type in file.All<BaseTypeDeclarationSyntax>()
        where _emptyWords.Any(word => type.Identifier.Text.EndsWith(word, StringComparison.Ordinal))
        select $"{file.At(type)} {type.Identifier.Text}");

    [Fact]
    public void Folders_and_files_are_named_after_what_is_in_them() => None(
        from file in SourceTree.Everything
        let words = file.Path.Split('/', '.')
        where words.Intersect(_emptyWords).Any()
        select file.Path);

    // A file that holds several types may be named after what they have in common.
    [Fact]
    public void A_file_is_named_after_its_type() => None(
        from file in SourceTree.Everything
        let types = file.Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).Select(NameOf).OfType<string>().ToList()
        where types.Count == 1 && types[0] != Path.GetFileName(file.Path).Split('.')[0]
        select $"{file.Path} holds {types[0]}");

    [Fact]
    public void Classes_are_sealed() => None(
        from file in SourceTree.Everything
        from type in file.All<TypeDeclarationSyntax>()
        where type is ClassDeclarationSyntax or RecordDeclarationSyntax { RawKind: (int)SyntaxKind.RecordDeclaration }
        where !type.Modifiers.Any(m => m.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.StaticKeyword or SyntaxKind.AbstractKeyword or SyntaxKind.PartialKeyword)
        select $"{file.At(type)} {type.Identifier.Text}");

    [Fact]
    public void No_regions_fold_code_away() => None(
        from file in SourceTree.Everything
        where file.Root.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
        select file.Path);

    [Fact]
    public void No_fault_is_swallowed() => None(
        from file in SourceTree.Product
        from net in file.All<CatchClauseSyntax>()
        where !GoesOn(net)
        where net.Declaration is null || (IsAnything(net) && !_lastNets.Any(place => file.Path.EndsWith(place, StringComparison.Ordinal)))
        select file.At(net));

    [Fact]
    public void Only_the_verbs_write_to_the_console() => None(
        from file in SourceTree.Product
        where file.Project != "Personalize.Server" || (file.Folder != "Verbs" && file.Path != "src/Personalize.Server/Program.cs")
        from use in file.All<MemberAccessExpressionSyntax>()
        where use.Expression.ToString() == "Console"
        select file.At(use));

    [Fact]
    public void Time_comes_from_outside() => None(
        from file in SourceTree.Product
        from use in file.All<MemberAccessExpressionSyntax>()
        where use.ToString() is "DateTime.Now" or "DateTime.UtcNow" or "DateTime.Today" or "DateTimeOffset.Now" or "DateTimeOffset.UtcNow"
        select file.At(use));

    [Fact]
    public void Every_test_asserts_something() => None(
        from file in SourceTree.Tests
        from test in file.All<MethodDeclarationSyntax>()
        where test.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory")
        where !Asserts(test, file)
        select $"{file.At(test)} {test.Identifier.Text}");

    private static string? NameOf(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        _ => null,
    };

    // All places are told at once.
    private static void None(IEnumerable<string> places) => Assert.True(!places.Any(), string.Join('\n', places));

    // What is thrown again is not swallowed.
    private static bool GoesOn(CatchClauseSyntax net) => net.Block.Statements.LastOrDefault() is ThrowStatementSyntax { Expression: null };

    // A catch of everything that names what it expects in its filter is not one.
    private static bool IsAnything(CatchClauseSyntax net) =>
        net.Declaration!.Type.ToString() is "Exception" && net.Filter?.FilterExpression.DescendantNodesAndSelf().OfType<IsPatternExpressionSyntax>().Any(test => !test.Pattern.ToString().StartsWith("not", StringComparison.Ordinal)) != true;

    // Directly, or through a method of the same file or project that does.
    private static bool Asserts(MethodDeclarationSyntax test, SourceFile file)
    {
        var called = Called(test).ToHashSet();
        return called.Contains("Assert") || SourceTree.Tests.Where(other => other.Project == file.Project).SelectMany(other => other.All<MethodDeclarationSyntax>())
            .Any(method => called.Contains(method.Identifier.Text) && Called(method).Contains("Assert"));
    }

    private static IEnumerable<string> Called(SyntaxNode node) => node.DescendantNodes().OfType<SimpleNameSyntax>().Select(name => name.Identifier.Text);

    private static IEnumerable<SyntaxNode> Functions(SourceFile file) => file.Root.DescendantNodes().Where(node => node
        is BaseMethodDeclarationSyntax { Body: not null } or BaseMethodDeclarationSyntax { ExpressionBody: not null }
        or LocalFunctionStatementSyntax
        or AccessorDeclarationSyntax { Body: not null } or AccessorDeclarationSyntax { ExpressionBody: not null }
        or PropertyDeclarationSyntax { ExpressionBody: not null } or IndexerDeclarationSyntax { ExpressionBody: not null });

    // From its head to its end; a brace that stands alone on its line says nothing and is not counted.
    private static int Lines(SyntaxNode function) =>
        function.ToString().Split('\n').Count(line => line.Trim() is not ("" or "{" or "}" or "};"));
}
