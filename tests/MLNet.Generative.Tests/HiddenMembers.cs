using System.Reflection;
using System.Runtime.InteropServices;
using Mono.Cecil;

namespace MLNet.Generative.Tests;

/// <summary>What a compiled package uses of ML.NET without its leave.</summary>
internal static class HiddenMembers
{
    /// <summary>Every type and member of the two assemblies that a compiled package names or overrides and that is not public or protected there.</summary>
    public static HashSet<string> UsedBy(Assembly assembly)
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(RuntimeEnvironment.GetRuntimeDirectory());
        using var package = AssemblyDefinition.ReadAssembly(assembly.Location, new ReaderParameters { AssemblyResolver = resolver });

        var used = new HashSet<string>();
        foreach (TypeDefinition type in package.MainModule.GetTypeReferences().Select(Resolve).Where(IsHidden))
            used.UnionWith(Lines(type));
        foreach (MemberReference reference in package.MainModule.GetMemberReferences())
        {
            if (reference.DeclaringType is { } declaring && Resolve(declaring) is { } type && IsOfMLNet(type))
                used.UnionWith(FindHidden(reference, type));
        }
        foreach (MethodDefinition method in package.MainModule.GetTypes().SelectMany(type => type.Methods).Where(method => method.IsVirtual && !method.IsNewSlot))
            used.UnionWith(FindOverridden(method));
        return used;
    }

    private static IEnumerable<string> FindHidden(MemberReference reference, TypeDefinition type)
    {
        bool isHidden = reference switch
        {
            MethodReference method => IsHidden(method.Resolve() ?? throw new InvalidOperationException($"Cannot resolve {reference}.")),
            FieldReference field => IsHidden(field.Resolve() ?? throw new InvalidOperationException($"Cannot resolve {reference}.")),
            _ => false,
        };
        return isHidden || IsHidden(type) ? Lines(type, reference.Name) : [];
    }

    private static IEnumerable<string> FindOverridden(MethodDefinition method)
    {
        for (TypeDefinition? type = method.DeclaringType.BaseType?.Resolve(); type is not null; type = type.BaseType?.Resolve())
        {
            foreach (MethodDefinition overridden in type.Methods.Where(other => other.Name == method.Name && other.Parameters.Count == method.Parameters.Count))
            {
                if (IsOfMLNet(type) && (IsHidden(type) || IsHidden(overridden)))
                    return Lines(type, overridden.Name);
            }
        }
        return [];
    }

    // A constructor's or method's generic arguments and arrays resolve to the type itself.
    private static TypeDefinition Resolve(TypeReference reference) => reference.GetElementType().Resolve();

    private static bool IsOfMLNet(TypeDefinition type) => type.Module.Assembly.Name.Name is "Microsoft.ML.Core" or "Microsoft.ML.Data";

    private static bool IsHidden(TypeDefinition type) => IsOfMLNet(type) && (type.IsNested
        ? !(type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) || IsHidden(type.DeclaringType)
        : !type.IsPublic);

    private static bool IsHidden(MethodDefinition method) => method.IsAssembly || method.IsFamilyAndAssembly || method.IsPrivate;

    private static bool IsHidden(FieldDefinition field) => field.IsAssembly || field.IsFamilyAndAssembly || field.IsPrivate;

    private static IEnumerable<string> Lines(TypeDefinition type, params string[] members) => Lines(type.Module.Assembly.Name.Name, type.FullName.Replace('/', '+'), members);

    /// <summary>A type and its members as lines of text.</summary>
    public static IEnumerable<string> Lines(string assembly, string type, string[] members) =>
        [$"{assembly}: {type}", .. members.Select(member => $"{assembly}: {type}.{member}")];
}
