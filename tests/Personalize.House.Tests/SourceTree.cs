using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Personalize.House.Tests;

/// <summary>The project's own code as it stands in the source tree.</summary>
internal static class SourceTree
{
    private static readonly Lazy<ImmutableArray<SourceFile>> _product = new(() => [.. Files("src").Select(SourceFile.Read)]);
    private static readonly Lazy<ImmutableArray<SourceFile>> _tests = new(() => [.. Files("tests").Select(SourceFile.Read)]);

    /// <summary>All files of the five projects.</summary>
    public static ImmutableArray<SourceFile> Product => _product.Value;

    /// <summary>All files of the tests.</summary>
    public static ImmutableArray<SourceFile> Tests => _tests.Value;

    public static IEnumerable<SourceFile> Everything => Product.Concat(Tests);

    public static bool IsBuilt(string folder) => folder is "bin" or "obj" or "node_modules" or "wwwroot";

    private static IEnumerable<string> Files(string part) => Directory.EnumerateFiles(Repository.At(part), "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(IsBuilt))
        .Order(StringComparer.Ordinal);
}

/// <param name="Path">From the root of the source tree.</param>
/// <param name="Root">What stands in it.</param>
internal sealed record SourceFile(string Path, SyntaxNode Root)
{
    public int Lines => Root.GetText().Lines.Count - 1;

    /// <summary>The name of the project that it belongs to.</summary>
    public string Project => Path.Split('/')[1];

    /// <summary>The folder of the project in which it lies; empty for one that lies beside the folders.</summary>
    public string Folder => Path.Split('/') is { Length: > 3 } parts ? parts[2] : "";

    public IEnumerable<T> All<T>()
        where T : SyntaxNode => Root.DescendantNodes().OfType<T>();

    public string At(SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    public static SourceFile Read(string file) => new(
        System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'),
        CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot());
}
