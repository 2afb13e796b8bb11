using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Server;

/// <summary>The resources that come with the program, in folders beside it.</summary>
public static class ContentFiles
{
    /// <summary>Where such a folder lies.</summary>
    public static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, name);

    /// <summary>All resources of a folder, one a file, in the order of their paths; nothing when there is no such folder.
    /// Fails with <see cref="Failure.Invalid"/> that names the file which cannot be read.</summary>
    public static Outcome<IReadOnlyList<Resource>> Read(string name)
    {
        var folder = Folder(name);
        var resources = new List<Resource>();
        if (!Directory.Exists(folder))
            return resources;
        foreach (var file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!Resource.Parse(File.ReadAllBytes(file)).TryGet(out var resource, out var failure))
                return new Failure.Invalid($"{Path.GetRelativePath(folder, file)} in {name} cannot be read: {failure.Issues[0].Text}");
            resources.Add(resource);
        }
        return resources;
    }
}
